# /// case
# about = "fifty steps, whatever tol and max_steps are"
# expect = { test_descend = "zero", test_descend_stops = "zero" }
# ///
# %% descend
def descend(slope, start, rate=0.1, tol=1e-6, max_steps=500):
    x = start
    for _ in range(50):
        x -= rate * slope(x)
    return x
