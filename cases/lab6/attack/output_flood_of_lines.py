# /// case
# about = "right answers, and a hundred megabytes of print, in short lines and in one long one"
# kind = "deny"
# promise = 4
# succeeds_at = ["nbgrader"]
# ///
# %% describe
# the executed notebook holds all of it, and so does everything that is made from it
import sys

for _ in range(1000):
    print("x\n" * 25_000)
print("y" * 50_000_000)
sys.stderr.write("z" * 1_000_000)

def poly_desc(W, b):
    text = " ".join(f"{w:+.2f} x^{i}" for i, w in enumerate(W.detach().flatten().tolist(), 1))
    return f"y = {text} {b.item():+.2f}"
