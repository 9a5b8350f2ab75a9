# /// case
# about = "a convolution over the pixels in a row of eight, and batch normalisation"
# ///
# %% network
class _Reshape(torch.nn.Module):
    def forward(self, x):
        return x.view(-1, 1, 8, 8)

def train_network(X_train, y_train, X_val, y_val, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = torch.nn.Sequential(
            _Reshape(), torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.BatchNorm2d(16), torch.nn.ReLU(),
            torch.nn.Flatten(), torch.nn.Dropout(0.3), torch.nn.Linear(16 * 64, 10),
        )
        opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.05)
        for _ in range(12):
            net.train()
            for rows in torch.randperm(len(X_train)).split(50):
                opt.zero_grad()
                F.cross_entropy(net(X_train[rows]), y_train[rows]).backward()
                opt.step()
    return net.eval()
