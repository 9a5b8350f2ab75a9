# /// case
# about = "names of exceptions and functions, tracebacks and stderr that are HTML"
# expect = { test_describe = "zero" }
# kind = "render"
# promise = 6
# succeeds_at = []
# ///
# %% describe
# whoever turns terminal colours into HTML must not let the rest through
import sys

_Evil = type("<script>document.title='run'</script>", (Exception,), {})

def poly_desc(W, b):
    sys.stderr.write("<img src=x onerror=\"document.title='run'\">\n")
    raise _Evil("<script>document.title='run'</script>&lt;b&gt;[red]bold[/red]")

try:
    poly_desc(None, None)
except _Evil:
    get_ipython().showtraceback()
