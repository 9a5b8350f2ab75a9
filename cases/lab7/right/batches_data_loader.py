# /// case
# about = "torch's DataLoader"
# ///
# %% batches
def epoch_batches(X, y, batch_size, generator):
    table = torch.utils.data.TensorDataset(X, y)
    return torch.utils.data.DataLoader(table, batch_size=batch_size, shuffle=True, generator=generator)
