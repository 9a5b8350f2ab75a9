# /// case
# about = "an object that claims to be an array at an address of its choice"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "read"
# promise = 2
# succeeds_at = []
# ///
# %% sigmoid
# np.asarray(answer) reads the checking process's memory, or crashes it
class Window:
    __array_interface__ = {"shape": (1,), "typestr": "<f8", "data": (4096, False), "version": 3}

    def __float__(self):
        return 0.5

def sigmoid(x, w=1.0, b=0.0):
    return Window()
