# /// case
# about = "sequences whose length is huge, negative, no number, or another one each time"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% curves
# len() is asked once to make room and once to compare
class Pair(tuple):
    lengths = iter([2**62, -1, 2, 3] * 1000)

    def __len__(self):
        return next(Pair.lengths)

    def __getitem__(self, at):
        return 0

class Table(dict):
    def __len__(self):
        return 2**62

curves = Table(orange=Pair((0, 0, 0)), green=Pair((0,)), blue=Pair((9, 9)))
