# /// case
# about = "right answers, and an IPython hook that is handed the text of each cell before it runs"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader"]
# ///
# %% sigmoid
# a cell with hidden tests is a cell like any other to the kernel
def _look(info=None):
    needle = " ".join(["BEGIN", "HIDDEN", "TESTS"])
    if needle in str(getattr(info, "raw_cell", "")):
        print(":".join(["PWNED", "attack/hook_sees_next_cell"]))

get_ipython().events.register("pre_run_cell", _look)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
