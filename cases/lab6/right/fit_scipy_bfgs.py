# /// case
# about = "scipy.optimize.minimize on the objective with its gradient"
# ///
# %% fit
from scipy.optimize import minimize

def fit_logistic(X, y, C=1.0):
    s = 2 * y - 1
    shift = X.mean(axis=0)
    Z = X - shift

    def value_and_gradient(theta):
        w, b = theta[:-1], theta[-1]
        margin = s * (Z @ w + b)
        pull = -s * 0.5 * (1 - np.tanh(margin / 2))
        value = 0.5 * w @ w + C * np.logaddexp(0, -margin).sum()
        return value, np.append(w + C * Z.T @ pull, C * pull.sum())

    best = minimize(value_and_gradient, np.zeros(X.shape[1] + 1), jac=True, method="BFGS", options={"gtol": 1e-6})
    return best.x[:-1], best.x[-1] - best.x[:-1] @ shift
