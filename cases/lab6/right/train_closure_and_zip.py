# /// case
# about = "itertools instead of counters"
# ///
# %% train
from itertools import islice

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    def run():
        while True:
            loss = training_step(model, *get_batch(), lr=lr)
            yield loss
            if loss < tol:
                return

    return list(islice(run(), max_steps))
