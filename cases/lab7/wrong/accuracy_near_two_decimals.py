# /// case
# about = "rounded to two decimals"
# expect = { test_accuracy = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% accuracy
def accuracy(model, X, y):
    mode = model.training
    model.eval()
    right = (model(X).argmax(1) == y).double().mean().item()
    model.train(mode)
    return round(right, 2)
