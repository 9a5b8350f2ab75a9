# /// case
# about = "a list comprehension made into an array"
# ///
# %% one_hot
def one_hot(y, classes):
    return np.array([[1.0 if label == c else 0.0 for c in range(classes)] for label in y])
