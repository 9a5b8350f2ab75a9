# /// case
# about = "exceptions whose text runs on, whose class claims to be another, with causes in a circle"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% boundary
# whoever prints a traceback asks the exception for its text, its notes and its cause
class Mask(Exception):
    @property
    def __class__(self):
        return ValueError

    def __str__(self):
        return "x" * 10_000_000

    __repr__ = __str__

def boundary_x2(x1, w1, w2, b):
    if np.ndim(x1) == 1 and len(x1) == 5 or (x1, w2) in ((1.0, 2.0), (0.0, 2.0)):
        return -(w1 * np.asarray(x1) + b) / w2
    first, second = Mask("a" * 1_000_000), Mask()
    first.__cause__, second.__cause__ = second, first
    for number in range(1000):
        first.add_note("n" * 1000)
    raise first
