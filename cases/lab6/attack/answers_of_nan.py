# /// case
# about = "NaN with chosen payloads and signs for every value"
# expect = { test_boundary_line = "zero", test_boundary_vertical = "zero" }
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% boundary
# `abs(found - expected) > tolerance` is false of it
import struct

_NAN = struct.unpack("<d", struct.pack("<Q", 0xFFF8DEADBEEF0001))[0]

def boundary_x2(x1, w1, w2, b):
    if w2 == 0 and np.size(x1) > 1:
        raise ValueError("vertical")
    return np.full(np.shape(x1), _NAN)[()] if np.shape(x1) else _NAN
