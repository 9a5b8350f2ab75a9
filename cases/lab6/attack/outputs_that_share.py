# /// case
# about = "right answers, and a JSON output of 1,300 bytes on the wire that is sixteen million characters when written out"
# kind = "wire"
# promise = 4
# succeeds_at = []
# ///
# %% sigmoid
# lists that hold one list twice, fourteen deep; forty deep would be more than any machine has
import sys

_student = sys.modules.get("runtime.student")

def _encoded(outputs, count):
    shared = ["x" * 1000]
    for _ in range(14):
        shared = [shared, shared]
    bomb = {"output_type": "display_data", "data": {"application/json": shared}, "metadata": {}}
    return _student.encode(([*outputs, bomb], count))

if _student is not None:
    _student._encoded_outputs = _encoded

def sigmoid(x, w=1.0, b=0.0):
    return 0.5 * (1 + np.tanh((w * np.asarray(x) + b) / 2))
