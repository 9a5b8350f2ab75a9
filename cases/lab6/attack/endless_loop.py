# /// case
# about = "a function that never comes back and swallows every interrupt"
# expect = { test_describe = "zero" }
# kind = "deny"
# promise = "the grader waits for ever, or the whole submission is lost"
# succeeds_at = ["otter"]
# ///
# %% describe
def poly_desc(W, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
