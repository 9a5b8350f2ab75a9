# /// case
# about = "scipy with numerical derivatives on the raw data"
# ///
# %% fit
import scipy.optimize as so

def objective(theta, X, s, C):
    w, b = theta[:-1], theta[-1]
    return w @ w / 2 + C * np.sum(np.logaddexp(0, -s * (X @ w + b)))

def fit_logistic(X, y, C=1.0):
    s = np.where(y > 0.5, 1.0, -1.0)
    mu = X.mean(0)
    res = so.minimize(objective, np.zeros(X.shape[1] + 1), args=(X - mu, s, C), method="L-BFGS-B",
                      options=dict(maxiter=5000, maxfun=100000, ftol=1e-12, gtol=1e-7))
    w = res.x[:-1]
    return w, res.x[-1] - w @ mu
