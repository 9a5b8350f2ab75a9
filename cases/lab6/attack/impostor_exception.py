# /// case
# about = "an own class named ValueError that is no ValueError"
# expect = { test_boundary_vertical = "zero", test_boundary_line = "full" }
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% boundary
# the test's ValueError is looked up among the student's names
class ValueError(Exception):
    pass

def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -(w1 * np.asarray(x1) + b) / w2
