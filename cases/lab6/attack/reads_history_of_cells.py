# /// case
# about = "right answers, and a look at IPython's history, linecache and user namespace for the text of a test"
# kind = "read"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% boundary
# the test cell's text is in In, _ih or linecache while it runs
import linecache
import sys

def _texts():
    for module in list(sys.modules.values()):
        scope = getattr(module, "__dict__", {})
        for name in ("In", "_ih", "_i", "_ii"):
            yield str(scope.get(name, ""))
    for entry in list(linecache.cache.values()):
        if len(entry) > 2:
            yield "".join(entry[2] or [])
    frame = sys._getframe()
    while frame is not None:
        for name in ("In", "_ih", "raw_cell", "source"):
            yield str(frame.f_globals.get(name, "")) + str(frame.f_locals.get(name, ""))
        frame = frame.f_back

def boundary_x2(x1, w1, w2, b):
    needle = " ".join(["HIDDEN", "TESTS"])
    if any("BEGIN " + needle in text for text in _texts()):
        print(":".join(["PWNED", "attack/reads_history_of_cells"]))
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / w2
