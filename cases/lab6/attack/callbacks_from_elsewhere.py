# /// case
# about = "the test's get_batch is called from threads and from forked children at the same time"
# expect = { test_train_stops = "zero", test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% train
# two speakers on one channel mix up their frames

import os
import threading

def _quietly(function):
    try:
        function()
    except BaseException:
        pass

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    threads = [threading.Thread(target=_quietly, args=(get_batch,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        if os.fork() == 0:
            _quietly(get_batch)
            os._exit(0)
    for thread in threads:
        thread.join()
    for _ in range(4):
        os.wait()
    return [0.0] * min(max_steps, 20)
