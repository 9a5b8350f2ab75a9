# /// case
# about = "replies that say `right` are written to every descriptor that takes them, before and during each call"
# expect = { test_describe = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# whoever reads results from a channel that the student can write to reads the student's results
import os
import struct

_WORDS = (
    struct.pack("<IBIII", 14, 4, 1, 0, 0) + b"T",  # a frame of this grader: the result True of call 1
    b'{"passed": true, "score": 3, "points": 3, "outcome": "passed"}\n',
    b"ok\n",
)

def _flood():
    for number in range(3, 64):
        try:
            os.set_blocking(number, False)
            for word in _WORDS:
                os.write(number, word)
        except OSError:
            pass

def poly_desc(W, b):
    _flood()
    return None
