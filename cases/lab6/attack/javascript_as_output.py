# /// case
# about = "right answers, and outputs of the types application/javascript, widget and vendor types that load code"
# kind = "render"
# promise = 6
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# a notebook's viewer runs such an output if it trusts the notebook
from IPython.display import display

_RUN = "document.title=" + repr(":".join(["PWNED", "attack/javascript_as_output"]))
for _mime in (
    *("application/javascript", "text/javascript", "application/vnd.jupyter.widget-view+json"),
    *("application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json", "application/pdf", "application/x-nbviewer"),
):
    display({_mime: {"code": _RUN} if _mime.endswith("json") else _RUN, "text/plain": "x"}, raw=True)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
