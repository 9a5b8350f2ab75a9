# /// case
# about = "groups of exceptions, warnings raised as errors, and a ValueError that is one only by inheritance from a group"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% boundary
# `pytest.raises(ValueError)` and `except*` disagree about such a thing
def boundary_x2(x1, w1, w2, b):
    if np.ndim(x1) == 1 and len(x1) == 5 or (x1, w2) in ((1.0, 2.0), (0.0, 2.0)):
        return -(w1 * np.asarray(x1) + b) / w2
    raise ExceptionGroup("vertical", [ValueError("vertical"), StopIteration(0.0)])
