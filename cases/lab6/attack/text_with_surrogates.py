# /// case
# about = "text that cannot be encoded, with control characters"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = "writing the result or the message raises in the grader"
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
def poly_desc(W, b):
    return "y = \ud800\udfff\x00\x1b[2J" * 1000
