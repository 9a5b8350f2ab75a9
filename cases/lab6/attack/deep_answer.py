# /// case
# about = "a list nested a hundred thousand deep, and one that contains itself"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% sigmoid
# a recursive comparison or printout overflows the stack
def sigmoid(x, w=1.0, b=0.0):
    if isinstance(x, float):
        loop = []
        loop.append(loop)
        return loop
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
