# /// case
# about = "abs, all, any, isinstance, max and float defined in the notebook"
# expect = { test_sigmoid_values = "zero", test_sigmoid_extreme = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sigmoid
# the test's own names are looked up among the student's
def abs(value):
    return 0.0

def all(values):
    return True

any = isinstance = callable = all

def max(*values, **options):
    return 0.0

min = sum = max

def sigmoid(x, w=1.0, b=0.0):
    return 0.5
