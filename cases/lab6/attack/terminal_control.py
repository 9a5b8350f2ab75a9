# /// case
# about = "outputs and messages that set the terminal's title, write its clipboard, move its cursor and hide text"
# expect = { test_describe = "zero" }
# kind = "render"
# promise = 6
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% describe
# whoever prints a student's text hands the student the keyboard
import os

_EVIL = (
    "\x1b]0;title set by a student\x07"
    "\x1b]52;c;cm0gLXJmIH4=\x07"
    "\x1b[2J\x1b[1;1H"
    "\x1b[8mhidden\x1b[0m"
    "\x1b]8;;file:///etc/passwd\x1b\\link\x1b]8;;\x1b\\"
    "\x1bP$q\x1b\\\x9b31m\x90\u202egnp.exe\u2066\r100 of 100"
)
print(_EVIL)
os.write(1, _EVIL.encode())

def poly_desc(W, b):
    print(_EVIL)
    raise ValueError(_EVIL)
