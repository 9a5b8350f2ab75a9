# /// case
# about = "structured, byte-swapped, read-only and masked arrays in the place of plain ones"
# expect = { test_probability_map = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% probability_map
# a masked comparison leaves out what is masked, so that nothing is wrong
prob = np.ma.masked_array(np.full((51, 51), 0.95, dtype=">f8"), mask=True)
prob.flags.writeable = False
