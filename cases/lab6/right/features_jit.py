# /// case
# about = "a scripted function"
# ///
# %% features
@torch.jit.script
def make_features(x: torch.Tensor, degree: int = 4) -> torch.Tensor:
    cols = [x]
    for _ in range(degree - 1):
        cols.append(cols[-1] * x)
    return torch.stack(cols, 1)
