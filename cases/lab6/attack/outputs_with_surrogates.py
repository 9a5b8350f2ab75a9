# /// case
# about = "right answers, and half a character in a JSON output, in its keys and in its values"
# kind = "render"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# the text is valid in memory and cannot be written to a file: an error of whoever writes the notebook
from IPython.display import display

display({"application/json": {"a\ud800": ["\udfff", {"\udc00": 1}]}, "text/plain": "x"}, raw=True)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
