# /// case
# about = "judged in whatever mode the model is in"
# expect = { test_accuracy = "zero" }
# rest = "any"
# ///
# %% accuracy
def accuracy(model, X, y):
    with torch.no_grad():
        return (model(X).argmax(1) == y).float().mean().item()
