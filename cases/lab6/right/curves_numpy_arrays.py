# /// case
# about = "arrays and NumPy numbers, an extra key"
# ///
# %% curves
curves = {
    "blue": np.array([1.0, 0.0]),
    "green": (np.float32(5), np.int64(5)),
    "orange": [np.int32(1), np.float64(5.0)],
    "red": (9, 9),
}
