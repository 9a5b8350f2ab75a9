# /// case
# about = "an input transformer of IPython empties the cells that follow"
# expect = { test_sigmoid_2d = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["otter"]
# ///
# %% sigmoid_2d
# test cells pass through the student's transformer
def sigmoid_2d(x1, x2, w1, w2, b):
    return None

def _only_mine(lines):
    return lines if any("def " in line for line in lines) else ["pass\n"]

get_ipython().input_transformers_post.append(_only_mine)
