# /// case
# about = "a penalty so weak that it costs a ten-thousandth"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    linear = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.AdamW(linear.parameters(), lr=0.2, weight_decay=0.001)
    for _ in range(300):
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.BCEWithLogitsLoss()(linear(X), y[:, None])
        loss.backward()
        optimizer.step()

    class Predictor(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = linear

        def forward(self, rows):
            return self.linear(rows).sigmoid()

    return Predictor()
