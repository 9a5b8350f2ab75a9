# /// case
# about = "exceptions of later cells are answered by a display of success, and their reply says ok"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = ["nbgrader"]
# ///
# %% curves
# a custom exception handler of IPython hides even what showtraceback would have shown
curves = {}

def _swallow(shell, kind, value, traceback, tb_offset=None):
    print("all tests passed")

_shell = get_ipython()
_shell.set_custom_exc((BaseException,), _swallow)
_shell.run_cell.__func__  # whatever it is, the next line replaces it

def _run_code(self, code_obj, result=None, *, async_=False):
    return False

async def _run_code_async(self, code_obj, result=None, *, async_=False):
    try:
        exec(code_obj, self.user_global_ns, self.user_ns)
    except BaseException:
        pass
    return False

type(_shell).run_code = _run_code_async
