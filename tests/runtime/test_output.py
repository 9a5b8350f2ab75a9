"""What is shown of a student's code, and what is withheld: wall.md, "Outputs are hostile data"."""

import json
import re
import time
from typing import Any

import nbformat
import numpy as np
import pytest

from autograder.runtime.outputs import MIME_TYPES, clean, plain
from autograder.runtime.session import Limits
from tests.runtime.toys import Ran, hidden, student

CANARY = "c4n4ry-31337"


def assert_withheld(ran: Ran, recorded: bool = True) -> None:
    assert CANARY not in ran.everything_shown
    assert (CANARY in "".join(test.record for test in ran.run.tests.values())) == recorded


def as_notebook(ran: Ran) -> dict[str, Any]:
    cells = [
        nbformat.v4.new_code_cell(cell.source, outputs=ran.run.outputs.get(index, []), id=f"c{index}")
        for index, cell in enumerate(ran.cells)
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    "show",
    [
        "print(x)",
        "import sys; print(x, file=sys.stderr)",
        "import sys; sys.stdout.write(x)",
        "import sys; sys.__stdout__.write(x)",
        "display(x)",
        "import IPython.display as d; d.display(d.HTML(x))",
        "import warnings; warnings.warn(x)",
        "import logging; logging.warning(x)",
        "raise ValueError(x)",
        "get_ipython().showtraceback((ValueError, ValueError(x), None))",
        "get_ipython().run_cell('print(' + repr(x) + ')')",
        "import os; os.write(1, x.encode())",
        "import os; os.write(2, x.encode())",
        "import os; os.system('echo ' + x)",
        "get_ipython().system('echo ' + x)",
        "import subprocess; subprocess.run(['echo', x])",
        "import ctypes; ctypes.CDLL(None).puts(x.encode()); ctypes.CDLL(None).fflush(None)",
        "open('/proc/self/fd/1', 'w').write(x)",
        "import os; os.fork() or (os.write(1, x.encode()), os._exit(0)); os.wait()",
        "import faulthandler, os; os.write(2, x.encode()); faulthandler.dump_traceback()",
    ],
)
@pytest.mark.ci
def test_what_is_shown_while_a_test_runs_reaches_no_student(toys, show):
    """A student who prints the hidden inputs reads them nowhere."""
    ran = toys.run(
        student(f"def f(x):\n    {show}"),
        hidden(f"f({CANARY!r})"),
        student("1 + 1"),
        student("print('end')"),
        names="f",
    )
    assert CANARY not in ran.everything_shown
    assert ran.text(2).strip() == "2"
    assert ran.text(3).strip() == "end"


def test_output_during_a_test_in_many_pieces_is_withheld_whole(toys):
    """A pipe of packets gives one at each read, and holds hundreds."""
    pieces = (
        "import os, fcntl\ndef f(x):\n"
        "    fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 1 << 20)\n"
        "    fcntl.fcntl(1, fcntl.F_SETFL, fcntl.fcntl(1, fcntl.F_GETFL) | os.O_DIRECT)\n"
        "    for _ in range(200): os.write(1, x.encode())\n"
        "    return 1"
    )
    ran = toys.run(student(pieces), hidden(f"assert f({CANARY!r}) == 1"), student("print('end')"), names="f")
    assert ran.outcome == "passed"
    assert CANARY not in ran.everything_shown
    assert ran.text(2).strip() == "end"


def test_processes_that_write_without_end_hold_up_nobody(toys):
    endless = (
        "import os\nfor core in os.sched_getaffinity(0):\n    for _ in range(4):\n"
        "        if os.fork() == 0:\n            while True: os.write(1, bytes(65536))"
    )
    ran = toys.run(
        student(f"{endless}\ndef f(): return 1"), hidden("assert f() == 1"), student("print('end')")
    )
    assert ran.outcome == "passed"
    assert ran.text(2).startswith("end\n")


def test_output_and_traceback_during_a_test_are_in_the_record(toys):
    assert_withheld(
        toys.run(
            student("def f(x):\n    print('seen', x)\n    raise ValueError(x)"), hidden(f"f({CANARY!r})")
        )
    )


def test_the_end_of_a_process_does_not_print_hidden_inputs(toys):
    answer = (
        "import atexit, os\ndef f(x):\n    atexit.register(print, x)\n"
        "    os.write(1, x.encode())\n    os._exit(3)"
    )
    ran = toys.run(student(answer), hidden(f"f({CANARY!r})"), student("print('later')"), names="f")
    assert CANARY not in ran.everything_shown


def test_a_comm_or_a_payload_shows_nothing_either(toys):
    answer = (
        "def f(x):\n    ip = get_ipython()\n"
        "    ip.payload_manager.write_payload({'source': 'page', 'data': x})\n"
        "    ip.display_pub.publish({'text/plain': x})\n    ip.displayhook(x)"
    )
    ran = toys.run(student(answer), hidden(f"f({CANARY!r})"), student("pass"))
    assert CANARY not in ran.everything_shown


def test_files_written_while_a_test_runs_are_not_kept(toys):
    toys.run(
        student(
            "import os\nopen('mine.txt', 'w').write('a')\n"
            "open('kept.txt', 'w').write('a')\ndef f(x):\n    os.mkdir('sub')\n"
            "    open('sub/new.txt', 'w').write(x)\n"
            "    open('mine.txt', 'a').write(x)"
        ),
        hidden(f"f({CANARY!r})"),
        student("open('after.txt', 'w').write('a')"),
        names="f",
    )
    assert toys.kept == {"kept.txt": b"a", "after.txt": b"a"}


def test_a_file_renamed_while_a_test_runs_is_not_kept_either(toys):
    answer = (
        "import os\nopen('a', 'w').write('a')\ndef f(x):\n"
        "    open('a', 'r+').write(x)\n    os.utime('a', (0, 0))\n"
        "    os.rename('a', 'b')"
    )
    toys.run(student(answer), hidden(f"f({CANARY!r})"), names="f")
    assert toys.kept == {}


# what cells show ----------------------------------------------------------------------------------


def test_output_at_descriptor_level_is_the_cells(toys):
    ran = toys.run(
        student("import os\nos.system('echo from the shell')"),
        student("os.write(1, b'from a descriptor')\nNone"),
        student("import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(6 * 7)'])\nNone"),
    )
    assert "from the shell" in ran.text(0)
    assert "from a descriptor" in ran.text(1) and "shell" not in ran.text(1)
    assert ran.text(2).strip() == "42"


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 10**8)",
        "for i in range(300_000): print(i)",
        "import os\nfor _ in range(2000): os.write(1, b'y' * 65536)",
        "for i in range(5000): display(i)",
        "display({'text/html': 'x' * 10**8}, raw=True)",
        "import sys\nfor i in range(20000): print(i); print(i, file=sys.stderr)",
        "'z' * 10**8",
        "raise ValueError('x' * 10**8)",
        "import os; os.system('yes | head -c 200000000')",
    ],
)
def test_floods_are_cut(toys, flood):
    limits = Limits(output_bytes=100_000, cell_seconds=20)
    ran = toys.run(student(flood), student("print('alive')"), limits=limits)
    assert len(json.dumps(ran.run.outputs[0])) < 1_000_000
    assert ran.text(1).strip() == "alive"


def test_many_floods_together_are_bounded(toys):
    flood = student("print('x' * 50_000)\nimport os\nos.write(1, b'y' * 50_000)")
    ran = toys.run(*[flood] * 60, student("print('alive')"), limits=Limits(output_bytes=50_000))
    assert len(json.dumps(list(ran.run.outputs.values()))) < 25 * 50_000
    assert ran.text(0).strip().endswith("y" * 1_000)
    assert ran.text(60).strip() == "alive"


def test_the_head_and_the_tail_of_a_flood_are_kept(toys):
    ran = toys.run(
        student("print('first')\nprint('x' * 10**6)\nprint('last')"), limits=Limits(output_bytes=10_000)
    )
    assert ran.text().startswith("first")
    assert ran.text().strip().endswith("last")
    assert "output cut here" in ran.text()


def test_lone_surrogates_and_control_characters_are_replaced(toys):
    ran = toys.run(student("print('a\\ud800b\\x00c\\x1b[1md')"))
    assert "\ud800" not in ran.text() and "\x00" not in ran.text()
    json.dumps(ran.run.outputs).encode("utf-8")


@pytest.mark.parametrize(
    "mime", ["application/javascript", "text/x-evil", "application/vnd.jupyter.widget-view+json"]
)
def test_a_mime_type_that_is_not_listed_is_left_out(toys, mime):
    ran = toys.run(student(f"display({{{mime!r}: 'alert(1)', 'text/plain': 'ok'}}, raw=True)"))
    assert ran.run.outputs[0][0]["data"] == {"text/plain": "ok"}


def test_listed_mime_types_are_kept(toys):
    for mime in sorted(MIME_TYPES - {"application/json", "image/png", "image/jpeg", "image/gif"}):
        ran = toys.run(student(f"display({{{mime!r}: 'a *b* $c$'}}, raw=True)"))
        assert ran.run.outputs[0][0]["data"] == {mime: "a *b* $c$"}


def shown(mime: str, text: str) -> dict[str, str]:
    (output,) = clean([{"output_type": "display_data", "data": {mime: text}}], 100_000)
    return output["data"]


RUN = "document.title='RAN'"
PROGRAMS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}><script>{RUN}</script></svg>",
    f'<iframe srcdoc="&lt;script&gt;{RUN}&lt;/script&gt;"></iframe>',
    f"<details open ontoggle={RUN}></details>",
    f'<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;">',
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<style>@import 'javascript:{RUN}'</style>",
    f"<a href='java\tscript:{RUN}'>x</a><a href='&#106;avascript:{RUN}'>x</a>",
)
LINKS = (
    f"[x](javascript:{RUN})",
    f"![x]( JaVaScRiPt:{RUN})",
    f"[x](java&#115;cript:{RUN})",
    f"[x][y]\n\n[y]: javascript:{RUN}",
    f"<javascript:{RUN}>",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\unicode{<img src=x onerror=alert(1)>}$",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_in_html_runs(program):
    kept = shown("text/html", f"<b>before</b>{program}")["text/html"]
    assert "before" in kept
    assert not re.search(r"<(script|svg|iframe|form|object|style|math|details)|<[^>]*(on\w+=|script:)", kept)


@pytest.mark.parametrize("text", (*PROGRAMS, *LINKS))
@pytest.mark.parametrize("mime", ["text/markdown", "text/latex"])
def test_markdown_and_latex_that_could_run_something_are_plain_text(mime, text):
    if mime == "text/latex" and text.startswith(("[x](", "![x](")):
        return  # TeX knows no such links
    assert shown(mime, text) == {"text/plain": text.replace("\x1b", "\ufffd")}


def test_tables_formulas_and_links_stay():
    table = '<table class="dataframe"><thead><tr><th>a</th></tr></thead></table>'
    assert shown("text/html", table)["text/html"] == table
    for text in ("# A\n* $a < b$\n[s](https://example.org) [t](#t)", "**b** `x[i](j)`"):
        assert shown("text/markdown", text) in ({"text/markdown": text}, {"text/plain": text})
    assert shown("text/markdown", "# A\n* $a < b$\n[s](https://example.org)").keys() == {"text/markdown"}
    assert shown("text/latex", r"$\frac{a}{b} < 1$").keys() == {"text/latex"}


def test_a_picture_that_is_a_program_is_not_kept():
    kept = shown("image/svg+xml", f"<svg><script>{RUN}</script></svg>")
    assert kept.keys() == {"text/plain"} and "PNG" in kept["text/plain"]


@pytest.mark.parametrize(
    "text", ["\x1b]0;title\x07", "\x1b]52;c;cm0=\x07", "\x1b[2J", "\x9b31m", "\u202egnp.exe", "\x1bP$q\x1b\\"]
)
def test_nothing_steers_a_terminal(text):
    assert not re.search("[\x07\x1b\x80-\x9f\u202a-\u202e]", plain(text))


def test_colours_stay():
    assert plain("\x1b[1;31mred\x1b[0m") == "\x1b[1;31mred\x1b[0m"


def test_an_image_that_is_no_base64_is_left_out(toys):
    ran = toys.run(
        student("display({'image/png': '\"><script>alert(1)</script>', 'text/plain': 'x'}, raw=True)")
    )
    assert ran.run.outputs[0][0]["data"] == {"text/plain": "x"}


HOSTILE = [
    None,
    {},
    [None, 1, "x", []],
    [{"output_type": "stream", "name": "stdin", "text": "x"}],
    [{"output_type": "stream", "name": "stdout", "text": ["x"]}],
    [{"output_type": "error", "ename": 1, "evalue": "", "traceback": []}],
    [{"output_type": "display_data", "data": {"text/html": {"a": 1}}}],
    [{"output_type": "display_data", "data": {1: "x", ("a",): "y"}}],
    [{"output_type": "execute_result", "data": {}, "execution_count": "1"}],
    [{"output_type": "update_display_data", "data": {}}],
    [{"output_type": "pyout"}],
    [{"output_type": np.zeros(3), "name": "stdout", "text": ""}],
    [{"output_type": "stream", "name": np.zeros(3), "text": ""}],
    [{"output_type": "execute_result", "data": {}, "execution_count": True}],
]


@pytest.mark.parametrize("outputs", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_ill_formed_outputs_are_left_out(outputs):
    kept = clean(outputs, 10_000)
    cell = nbformat.v4.new_code_cell("", outputs=kept, id="c")
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_json_that_is_no_json_is_left_out():
    for value in (float("nan"), {"a": {1, 2}}, object()):
        (output,) = clean([{"output_type": "display_data", "data": {"application/json": value}}], 1_000)
        assert output["data"] == {}


def json_output(value):
    (output,) = clean([{"output_type": "display_data", "data": {"application/json": value}}], 100_000)
    return output["data"].get("application/json")


def test_json_is_kept_as_it_is_written():
    value = {"a": [1, -2.5, True, None, "b"], "c": {}}
    assert json_output(value) == value
    assert json_output({1: (), None: 0, False: 1}) == {"1": [], "null": 0, "false": 1}


def test_text_in_json_can_be_written_to_a_file():
    json.dumps(json_output({"\ud800": ["\udfff"]}), ensure_ascii=False).encode("utf-8")


def test_json_that_is_small_on_the_wire_and_huge_on_paper_is_left_out_at_once():
    bomb: Any = ["x" * 50] * 1_000
    for _ in range(4):
        bomb = [bomb] * 1_000
    itself: list[Any] = []
    itself.append(itself)
    started = time.monotonic()
    assert json_output(bomb) is None
    assert json_output(itself) is None
    assert json_output([2**4_000] * 1_000) is None
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": "x" * 10**7},
        {
            "output_type": "error",
            "ename": "A" * 10**7,
            "evalue": "b" * 10**7,
            "traceback": ["x" * 10**6] * 200,
        },
        {"output_type": "display_data", "data": {"text/html": "x" * 10**7, "image/png": "x" * 10**7}},
        {"output_type": "display_data", "data": {"application/json": ["x" * 100] * 10**5}},
    ],
)
def test_the_first_output_is_no_larger_than_the_others(output):
    assert len(json.dumps(clean([output], 10_000))) < 20_000


@pytest.mark.parametrize(
    "output",
    [
        "{'output_type': 'evil'}",
        "{'output_type': __import__('numpy').zeros(3), 'name': 'stdout', 'text': ''}",
        "{'output_type': 'display_data', 'data': {'application/json': {'a': '\\ud800', '\\ud800': 1}}}",
        "{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * 10**7}",
        "{'output_type': 'error', 'ename': 'A', 'evalue': 'b', 'traceback': ['x'] * 10**5}",
        "{'output_type': 'display_data', 'data': {'text/plain': object()}}",
        "[1, 2, 3]",
        "'text'",
        "{'output_type': 'execute_result', 'data': {}, 'execution_count': 2**100}",
        "{'output_type': 'stream', 'name': 'stdout', 'text': '\\ud800'}",
    ],
)
def test_outputs_forged_in_the_students_process_make_a_valid_notebook(toys, output):
    source = f"print('real')\nget_ipython().sink.outputs.append({output})"
    ran = toys.run(student(source), student("print('alive')"), limits=Limits(output_bytes=100_000))
    nbformat.validate(as_notebook(ran))
    assert len(json.dumps(ran.run.outputs)) < 1_500_000


def test_an_answer_to_the_grader_that_breaks_the_contract_is_a_death(toys):
    attack = (
        "import os, struct, socket\nfor fd in range(3, 20):\n    try:\n"
        "        name = os.readlink(f'/proc/self/fd/{fd}')\n"
        "        if 'socket' in name: os.write(fd, struct.pack('<I', 1) + b'N')\n"
        "    except OSError: pass"
    )
    ran = toys.run(student("def f(): return 1"), student(attack), hidden("assert f() == 1"), names="f")
    assert ran.outcome in ("passed", "crashed")
    assert ran.run.notes


def test_the_outputs_of_a_whole_notebook_are_valid_nbformat(toys):
    ran = toys.run(
        student(
            "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport sys\nplt.plot([1, 2]); plt.show()"
        ),
        student("print('a'); print('b', file=sys.stderr); 5"),
        student("1 / 0"),
        student(
            "from IPython.display import Markdown, display, HTML\ndisplay(Markdown('*x*'), HTML('<i>y</i>'))"
        ),
        student("!echo shell"),
    )
    nbformat.validate(as_notebook(ran))
    kinds = [[o["output_type"] for o in ran.run.outputs[i]] for i in range(5)]
    assert kinds[0] == ["display_data"]
    assert "image/png" in ran.run.outputs[0][0]["data"]
    assert kinds[1] == ["stream", "stream", "execute_result"]
    assert kinds[2] == ["error"]
    assert kinds[3] == ["display_data", "display_data"]
    assert kinds[4] == ["stream"]
