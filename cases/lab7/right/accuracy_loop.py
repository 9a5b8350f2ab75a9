# /// case
# about = "row by row in numpy, each submodule's mode put back"
# ///
# %% accuracy
def accuracy(model, X, y):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    guesses = [int(np.argmax(model(x[None]).detach().numpy())) for x in X]
    for m, mode in modes:
        m.training = mode
    return np.mean([g == int(t) for g, t in zip(guesses, y)])
