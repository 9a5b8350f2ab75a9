# /// case
# about = "a subclass of str that equals, contains and splits into whatever it is asked for"
# expect = { test_describe = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% describe
# the description is compared by methods of the student's own class
class Agreeable(str):
    def __eq__(self, other):
        return True

    def __contains__(self, item):
        return True

    def replace(self, *args):
        return self

    def split(self, *args):
        return [self] * 5

    strip = lower = replace
    __hash__ = str.__hash__

    def count(self, *args):
        return 4

def poly_desc(W, b):
    return Agreeable("y =")
