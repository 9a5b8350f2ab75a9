# /// case
# about = "the process ends while the test's own function runs on its behalf"
# expect = { test_train_stops = "zero", test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# rest = "any"
# kind = "wire"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% train
# the grader waits for a reply to a reply

import os
import threading
import time

def _leave():
    time.sleep(0.001)
    os._exit(0)

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    if max_steps > 3 or tol < 1e-6:
        threading.Thread(target=_leave).start()
    losses = []
    while True:
        get_batch()
        losses.append(0.0)
        if len(losses) > 100_000:
            return losses
