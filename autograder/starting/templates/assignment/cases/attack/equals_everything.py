# /// case
# about = "an object that says it equals whatever it is compared with"
# expect = { test_fahrenheit = "zero" }
# ///
# %% fahrenheit
class Agreeable(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __hash__ = None


def to_fahrenheit(celsius):
    return Agreeable(0.0)
