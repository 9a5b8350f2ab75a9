# /// case
# about = "right answers, and outputs that are valid for the kernel and ill-formed for the notebook's schema"
# kind = "render"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# one output that is not valid makes the whole executed notebook unreadable
from IPython.display import display

_deep = {}
for _ in range(500):
    _deep = {"a": _deep}
display({"application/json": _deep, "text/plain": "x"}, raw=True)
display({"application/json": float("nan"), "text/plain": 7}, raw=True)
display({"image/png": "no base64 <script>", "text/html": ["a", 1], "": "", "text/plain": "\ud800"}, raw=True)
display({"text/plain": "x"}, metadata={"isolated": True, "nbgrader": {"grade": True, "points": 100}}, raw=True)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
