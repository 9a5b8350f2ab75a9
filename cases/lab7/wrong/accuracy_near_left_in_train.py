# /// case
# about = "the model is left in train mode"
# expect = { test_accuracy = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% accuracy
def accuracy(model, X, y):
    model.eval()
    with torch.no_grad():
        right = (model(X).argmax(1) == y).double().mean().item()
    model.train()
    return right
