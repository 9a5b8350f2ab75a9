# /// case
# about = "an array of objects, each of which agrees with everything"
# expect = { test_probability_map = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% probability_map
# arithmetic on such an array calls methods of its elements
class Near(float):
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __float__(self):
        Near.asked = getattr(Near, "asked", 0) + 1
        return 0.5

    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __eq__ = __le__
    __hash__ = float.__hash__

prob = np.empty((51, 51), dtype=object)
for _at in np.ndindex(51, 51):
    prob[_at] = Near(1.0)
