# /// case
# about = "torch inside, arrays outside"
# ///
# %% log_softmax
import torch

def log_softmax(Z):
    return torch.log_softmax(torch.as_tensor(np.asarray(Z)), dim=-1).numpy()
