# /// case
# about = "an array of 2^40 elements that takes eight bytes, by a stride of zero"
# expect = { test_probability_map = "zero" }
# kind = "deny"
# promise = 4
# succeeds_at = []
# ///
# %% probability_map
# whoever copies the answer needs eight terabytes
prob = np.broadcast_to(np.float64(0.5), (2**20, 2**20))
