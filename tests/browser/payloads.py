"""Outputs and texts that run code in a browser, if one lets them."""

RUN = "console.log(`PWNED`)"
HTML = (
    f"<script>{RUN}</script>",
    f'<img src="x" onerror="{RUN}">',
    f'<iframe srcdoc="&lt;script&gt;{RUN}&lt;/script&gt;"></iframe>',
    f'<iframe src="data:text/html,<script>{RUN}</script>"></iframe>',
    f'<details open ontoggle="{RUN}"><summary>more</summary></details>',
    f'<svg onload="{RUN}"></svg>',
    f'<style>@keyframes x {{}}</style><b style="animation-name:x" onanimationstart="{RUN}">bold</b>',
    f'<object data="data:text/html,<script>{RUN}</script>"></object>',
    f'<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;">',
    '<link rel="stylesheet" href="/PWNED.css">',
    '<meta http-equiv="refresh" content="1;url=/PWNED">',
)
MARKDOWN = (
    *HTML,
    f'[text](x "a" onmouseover="{RUN}")',
    f"$$\\unicode{{<img src=x onerror='{RUN}'>}}$$",
    f"`code` <img src=x onerror='{RUN}'>",
)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{RUN}</script></svg>'

ANSWER = f"""
import sys
from IPython.display import display

def half(x):
    return x / 2

for _html in {HTML!r}:
    display({{"text/html": _html, "text/plain": _html}}, raw=True)
for _text in {MARKDOWN!r}:
    display({{"text/markdown": _text, "text/plain": "text"}}, raw=True)
    display({{"text/latex": _text, "text/plain": "text"}}, raw=True)
display({{"image/svg+xml": {SVG!r}, "text/plain": "svg"}}, raw=True)
display({{"application/javascript": {RUN!r}, "text/plain": "script"}}, raw=True)
display({{"text/html": "<b>a harmless output</b>", "text/plain": "x"}}, raw=True)
for _html in {HTML!r}:
    print(_html)
    print(_html, file=sys.stderr)
raise ValueError({"".join(HTML)!r})
"""
"""Right before its last line, so that the traceback is an output too."""
