# /// case
# about = "numbers are shown with two digits"
# ///
# %% sigmoid
np.set_printoptions(precision=2, suppress=True, threshold=3)
%precision 2

def sigmoid(x, w=1.0, b=0.0):
    return 1 / (1 + np.exp(-(w * np.asarray(x) + b)))

sigmoid(np.linspace(-1, 1, 5))
