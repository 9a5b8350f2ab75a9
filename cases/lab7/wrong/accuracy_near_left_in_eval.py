# /// case
# about = "the model is left in eval mode"
# expect = { test_accuracy = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% accuracy
def accuracy(model, X, y):
    model.eval()
    with torch.no_grad():
        return (model(X).argmax(1) == y).double().mean().item()
