# /// case
# about = "a tensor, where a float is asked for"
# expect = { test_accuracy = "zero" }
# rest = "any"
# ///
# %% accuracy
def accuracy(model, X, y):
    mode = model.training
    model.eval()
    right = (model(X).argmax(1) == y).double().mean()
    model.train(mode)
    return right
