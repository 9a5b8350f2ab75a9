# /// case
# about = "Newton's method in double precision, then the parameters of a module"
# ///
# %% classifier
class Probability(torch.nn.Module):
    def __init__(self, theta):
        super().__init__()
        self.theta = torch.nn.Parameter(theta)

    def forward(self, x):
        return torch.sigmoid(x @ self.theta[:-1] + self.theta[-1])

def fit_torch_logistic(X, y, seed=0):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1).double()
    theta = torch.zeros(A.shape[1], dtype=torch.float64)
    for _ in range(25):
        p = torch.sigmoid(A @ theta)
        hessian = A.T @ (A * (p * (1 - p)).unsqueeze(1))
        theta = theta - torch.linalg.solve(hessian, A.T @ (p - y.double()))
    return Probability(theta.float())
