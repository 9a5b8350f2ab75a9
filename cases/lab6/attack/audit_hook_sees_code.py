# /// case
# about = "right answers, and an audit hook of Python's that sees everything compiled, executed and imported"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# such a hook cannot be taken away again in this process
import sys

_seen = []

def _hook(event, arguments):
    if event in ("compile", "exec", "import", "open") and not _seen:
        text = " ".join(str(part) for part in arguments if isinstance(part, (str, bytes)))
        if "HIDDEN" + " TESTS" in text or "test_sigmoid" + "_extreme" in text or text.startswith("reference"):
            _seen.append(event)

sys.addaudithook(_hook)

def _tell(*_):
    if _seen:
        print(":".join(["PWNED", "attack/audit_hook_sees_code"]))

get_ipython().events.register("post_run_cell", _tell)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
