# /// case
# about = "the 32 is missing"
# expect = { test_fahrenheit = "zero" }
# ///
# %% fahrenheit
def to_fahrenheit(celsius):
    return celsius * 9 / 5
