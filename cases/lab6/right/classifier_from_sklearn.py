# /// case
# about = "scikit-learn without penalty, copied into a module"
# ///
# %% classifier
from sklearn.linear_model import LogisticRegression

def fit_torch_logistic(X, y, seed=0):
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(X.numpy(), y.numpy())
    model = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 1), torch.nn.Sigmoid())
    model.load_state_dict({
        "0.weight": torch.tensor(fitted.coef_, dtype=torch.float32),
        "0.bias": torch.tensor(fitted.intercept_, dtype=torch.float32),
    })
    return model.eval()
