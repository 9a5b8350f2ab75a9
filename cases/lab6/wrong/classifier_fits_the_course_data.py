# /// case
# about = "always fits the global X and y of the notebook"
# expect = { test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
course_X, course_y = X, y

def fit_torch_logistic(X, y, seed=0):
    features, labels = course_X, course_y
    torch.manual_seed(seed)
    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(features)[:, 0], labels)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
