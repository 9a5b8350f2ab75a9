# /// case
# about = "computed by torch in double precision and handed back as an array"
# ///
# %% sigmoid
import torch

def sigmoid(x, w=1.0, b=0.0):
    z = torch.as_tensor(np.array(x, dtype=float)) * float(w) + float(b)
    return torch.sigmoid(z).numpy()
