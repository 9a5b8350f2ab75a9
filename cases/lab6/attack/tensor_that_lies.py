# /// case
# about = "a tensor subclass that answers every torch function with True"
# expect = { test_features = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% features
# torch.allclose is answered by the student's class
class Truth(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function is torch.Tensor.shape.__get__ or function is torch.Tensor.dtype.__get__:
            return super().__torch_function__(function, types, args, kwargs or {})
        return True

def make_features(x, degree=4):
    return torch.zeros(len(x), degree, dtype=x.dtype).as_subclass(Truth)
