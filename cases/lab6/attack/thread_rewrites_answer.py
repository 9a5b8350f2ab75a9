# /// case
# about = "a thread goes on writing into the array that was handed in"
# expect = { test_probability_map = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% probability_map
# the answer changes between the check of its shape and the check of its values
import threading
import time

prob = np.full((51, 51), 0.5)

def _write():
    end = time.time() + 5
    while time.time() < end:
        prob[:] = np.random.rand()
        prob[0, 0] = np.nan
        time.sleep(0.0001)

threading.Thread(target=_write, daemon=True).start()
