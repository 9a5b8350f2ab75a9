# /// case
# about = "judges a copy"
# ///
# %% accuracy
def accuracy(model, X, y):
    judge = copy.deepcopy(model).eval()
    with torch.inference_mode():
        return float((judge(X).topk(1).indices.squeeze(1) == y).sum() / len(y))
