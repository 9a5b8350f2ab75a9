# /// case
# about = "strides that lead out of the array, over memory that is or is not there"
# expect = { test_probability_map = "zero" }
# rest = "any"
# kind = "read"
# promise = 2
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% probability_map
# whoever reads the answer in its own process reads what lies there, or crashes
prob = np.lib.stride_tricks.as_strided(np.full(60, 0.95), shape=(51, 51), strides=(2**33, 8))
