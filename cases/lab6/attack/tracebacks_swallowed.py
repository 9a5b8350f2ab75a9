# /// case
# about = "IPython shows no traceback, so that a failed test looks like a silent one"
# expect = { test_bias_column = "zero", test_sigmoid_vector = "zero" }
# rest = "any"
# kind = "forge"
# promise = 3
# succeeds_at = []
# ///
# %% vector_form
# a grader that looks for error outputs finds none
import sys

def add_bias_column(X):
    return X

def sigmoid_vector(X1, theta):
    return X1

_shell = get_ipython()
_shell.showtraceback = _shell._showtraceback = _shell.showsyntaxerror = lambda *args, **kwargs: None
type(_shell).showtraceback = type(_shell)._showtraceback = lambda *args, **kwargs: None
sys.excepthook = lambda *args: None
