# /// case
# about = "text that cannot be encoded, with control characters"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% describe
# writing the result or the message raises in the grader
def poly_desc(W, b):
    return "y = \ud800\udfff\x00\x1b[2J" * 1000
