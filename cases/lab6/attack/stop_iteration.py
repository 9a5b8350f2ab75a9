# /// case
# about = "StopIteration ends a test's loop over its own examples without an error"
# expect = { test_describe = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% describe
# all(map(check, map(f, inputs))) is true of an iterator that stops at once
def poly_desc(W, b):
    raise StopIteration
