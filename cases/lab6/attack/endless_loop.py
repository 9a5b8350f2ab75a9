# /// case
# about = "a function that never comes back and swallows every interrupt"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# the grader waits for ever, or the whole submission is lost
def poly_desc(W, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
