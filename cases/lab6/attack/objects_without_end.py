# /// case
# about = "an object whose attributes, items and results are further such objects, for ever"
# expect = { test_curve_orange = "zero", test_curve_green = "zero", test_curve_blue = "zero" }
# rest = "any"
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% curves
# a comparison that descends into an answer does not come back
class Deeper:
    def __getattr__(self, name):
        return Deeper()

    def __getitem__(self, key):
        return Deeper()

    def __call__(self, *args, **kwargs):
        return Deeper()

    def __iter__(self):
        return self

    def __next__(self):
        return Deeper()

    def __len__(self):
        return 2

    def keys(self):
        return self

curves = Deeper()
