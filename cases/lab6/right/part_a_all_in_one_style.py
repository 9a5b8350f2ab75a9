# /// case
# about = "every question of part A in one student's hand, with written answers"
# ///
# %% sigmoid
def sigmoid(x, w=1.0, b=0.0):
    x = np.asarray(x, dtype=float)
    return np.exp(-np.logaddexp(0, -w * x - b))

# %% curves
curves = {"orange": [1, 5], "green": [5.0, 5.0], "blue": np.array([1, 0])}

# %% vector_form
def add_bias_column(X):
    return np.append(X, np.ones((len(X), 1)), axis=1)

def sigmoid_vector(X1, theta):
    return sigmoid(X1 @ theta)

# %% answer_vector_form
# The bias is the weight of a feature that is always one,
# so a single product with one vector does both.

# %% sigmoid_2d
def sigmoid_2d(x1, x2, w1, w2, b):
    return sigmoid(w1 * np.asarray(x1) + w2 * np.asarray(x2) + b)

# %% boundary
def boundary_x2(x1, w1, w2, b):
    if w2 == 0:
        raise ValueError("vertical")
    return -w1 / w2 * np.asarray(x1) - b / w2

# %% answer_zero_weight
# The line is parallel to that feature's axis.

# %% fit
def fit_logistic(X, y, C=1.0):
    clf = LogisticRegression(C=C, max_iter=2000, tol=1e-6).fit(X, y)
    return clf.coef_[0], clf.intercept_.item()

# %% probability_map
w_fit, b_fit = fit_logistic(X, y)
prob = sigmoid_2d(gridx1, gridx2, w_fit[0], w_fit[1], b_fit)
plt.contourf(gridx1, gridx2, prob)
plt.show()

# %% answer_l2
# It keeps the weights small.
