# /// case
# about = "right answers, and fifty thousand displayed objects of all kinds"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# each becomes an output of the notebook, which whoever renders it walks through
from IPython.display import HTML, display

for _number in range(50_000):
    display(HTML(f"<div>{_number}</div>"))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
