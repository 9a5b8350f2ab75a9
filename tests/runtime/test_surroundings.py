"""What surrounds a test: the table of wall.md."""

from collections.abc import Iterator

import pytest

from autograder.runtime.servers import Servers
from autograder.runtime.session import Limits
from tests.runtime.toys import Toys, hidden, in_one_process, locked, student

SAME_IN_ONE_PROCESS = {
    "numpy's seed": (
        "import numpy as np\ndef f(): return np.random.rand(3)",
        "import numpy as np\nnp.random.seed(0)\na = f()\nb = np.random.rand(2)\nnp.random.seed(0)\n"
        "assert (a == np.random.rand(3)).all()\nassert (b == np.random.rand(2)).all()",
    ),
    "random's seed": (
        "import random\ndef f(): return random.random()",
        "import random\nrandom.seed(7)\na, b = f(), random.random()\nrandom.seed(7)\n"
        "assert a == random.random() and b == random.random()",
    ),
    "torch's seed": (
        "import torch\ndef f(): return torch.randn(3)",
        "import torch\ntorch.manual_seed(1)\na, b = f(), torch.rand(1)\ntorch.manual_seed(1)\n"
        "assert torch.equal(a, torch.randn(3)) and torch.equal(b, torch.rand(1))",
    ),
    "the state of a generator set again": (
        "import numpy as np, torch, random\n"
        "def f(): return np.random.rand(), float(torch.rand(1)), random.random()",
        "import numpy as np, torch, random\nrandom.seed(1); np.random.seed(1); torch.manual_seed(1)\n"
        "states = random.getstate(), np.random.get_state(), torch.get_rng_state()\na = f()\nassert f() != a\n"
        "random.setstate(states[0]); np.random.set_state(states[1]); torch.set_rng_state(states[2])\n"
        "assert f() == a",
    ),
    "a seed set by the student": (
        "import numpy as np\ndef f():\n    np.random.seed(3)\n    return np.random.rand()",
        "import numpy as np\nnp.random.seed(0)\nassert f() == f()\na = np.random.rand()\nf()\n"
        "assert np.random.rand() == a",
    ),
    "draws in a callback": (
        "import numpy as np\ndef f(g): return np.random.rand(), g(), np.random.rand()",
        "import numpy as np\nnp.random.seed(5)\na = f(lambda: np.random.rand())\nnp.random.seed(5)\n"
        "assert a == tuple(np.random.rand(3))",
    ),
    "drawing in the test between two calls": (
        "import numpy as np\ndef f(): return np.random.rand()",
        "import numpy as np\nnp.random.seed(5)\na = [f(), np.random.rand(), f()]\nnp.random.seed(5)\n"
        "assert a == list(np.random.rand(3))",
    ),
    "no_grad": (
        "import torch\ndef f(w): return (w * 2).requires_grad, torch.is_grad_enabled()",
        "import torch\nw = torch.ones(1, requires_grad=True)\nassert f(w) == (True, True)\n"
        "with torch.no_grad():\n    assert f(w) == (False, False)\nassert f(w) == (True, True)",
    ),
    "default dtype": (
        "import torch\ndef f(): return torch.zeros(1).dtype",
        "import torch\nassert f() is torch.float32\ntorch.set_default_dtype(torch.float64)\n"
        "try:\n    assert f() is torch.float64\nfinally:\n    torch.set_default_dtype(torch.float32)\n"
        "assert f() is torch.float32",
    ),
    "errstate": (
        "import numpy as np\ndef f(): return np.array([1.0]) / 0",
        "import numpy as np, pytest\n"
        "with np.errstate(divide='raise'), pytest.raises(FloatingPointError):\n"
        "    f()\n"
        "with np.errstate(divide='ignore'):\n    assert np.isinf(f()).all()",
    ),
    "redirect_stdout": (
        "def f(x):\n    print('x is', x)\n    return x",
        "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    f(3)\n    f(4)\n"
        "assert out.getvalue() == 'x is 3\\nx is 4\\n'",
    ),
    "redirect_stderr": (
        "import sys\ndef f(x): print('oops', file=sys.stderr)",
        "import io, contextlib\nwith contextlib.redirect_stderr(io.StringIO()) as err:\n    f(3)\n"
        "assert err.getvalue() == 'oops\\n'",
    ),
    "print and callback in order": (
        "def f(g):\n    print('before')\n    g()\n    print('after')",
        "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    f(lambda: print('within'))\nassert out.getvalue().split() == ['before', 'within', 'after']",
    ),
    "pytest.warns": (
        "import warnings\ndef f(): warnings.warn('old', DeprecationWarning)\ndef g(): return 1",
        "import pytest\nwith pytest.warns(DeprecationWarning, match='old'):\n    f()\n"
        "with pytest.raises(pytest.fail.Exception):\n    with pytest.warns(UserWarning):\n        g()",
    ),
    "catch_warnings": (
        "import warnings\ndef f():\n    warnings.warn('a')\n    warnings.warn('b', FutureWarning)",
        "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n    f()\n"
        "assert [w.category for w in caught] == [UserWarning, FutureWarning]\n"
        "assert [str(w.message) for w in caught] == ['a', 'b']",
    ),
    "a warning of numpy's": (
        "import numpy as np\ndef f(): return np.log(np.zeros(2))",
        "import pytest\nwith pytest.warns(RuntimeWarning, match='divide by zero'):\n    f()",
    ),
    "warnings made errors": (
        "import warnings\ndef f():\n    warnings.warn('a')\n    return 1",
        "import warnings, pytest\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
        "    with pytest.raises(UserWarning):\n        f()",
    ),
    "approx and numpy.testing": (
        "def f(): return 0.1 + 0.2\ndef g(): return [0.3, 0.3]",
        "import numpy as np, pytest\nassert f() == pytest.approx(0.3)\n"
        "assert g() == pytest.approx([0.3, 0.3])\n"
        "np.testing.assert_allclose(g(), [f(), f()])\nnp.testing.assert_almost_equal(f(), 0.3)",
    ),
    "pytest.raises with a match": (
        "def f(x):\n    if x < 0: raise ValueError('x must not be negative')\n    return x",
        "import pytest\nwith pytest.raises(ValueError, match='negative') as caught:\n    f(-1)\n"
        "assert 'must not' in str(caught.value)\nassert f(1) == 1",
    ),
    "unittest's assertions": (
        "def f(): return [1, 2]",
        "from unittest import TestCase\nt = TestCase()\nt.assertEqual(f(), [1, 2])\nt.assertIn(1, f())\n"
        "with t.assertRaises(TypeError):\n    f(1)",
    ),
    "dataclasses and classes of the test's own": (
        "def f(x): return x + 1",
        "import dataclasses\n@dataclasses.dataclass\nclass Case:\n    x: int\n    y: int\n"
        "for case in (Case(1, 2), Case(2, 3)):\n    assert f(case.x) == case.y",
    ),
}


@pytest.mark.parametrize("name", SAME_IN_ONE_PROCESS)
def test_a_test_finds_the_surroundings_of_one_process(toys, name):
    answer, test = SAME_IN_ONE_PROCESS[name]
    cells = (student(answer), hidden(test))
    assert in_one_process(*cells) == ["passed"]
    ran = toys.run(*cells)
    assert ran.outcomes == ["passed"], ran.test().record


@pytest.mark.parametrize("library", ["random.random()", "np.random.rand()", "float(torch.rand(1))"])
def test_a_state_that_the_test_did_not_set_is_the_students_own(toys, library):
    """The student's draws move nothing in the examiner: hidden data do not depend on them."""
    imports = "import random, numpy as np, torch\n"
    ran = toys.run(
        student(f"{imports}def f(n):\n    for _ in range(n): {library}"),
        hidden(f"{imports}f(0)\na = {library}"),
        hidden(f"{imports}f(5)\nb = {library}"),
        hidden("assert a != b"),
    )
    assert ran.outcomes == ["passed"] * 3
    again = toys.run(
        student(f"{imports}def f(n): pass"),
        hidden(f"{imports}f(0)\na = {library}"),
        hidden(f"{imports}f(5)\nprint({library})\nprint(a)"),
    )
    first = toys.run(
        student(f"{imports}def f(n):\n    for _ in range(n): {library}"),
        hidden(f"{imports}f(3)\na = {library}"),
        hidden(f"{imports}f(5)\nprint({library})\nprint(a)"),
    )
    assert again.test("t2").record == first.test("t2").record


def test_the_random_state_before_a_cell_comes_from_the_seed_and_the_cells_number(toys):
    cells = (student("import numpy as np\nprint(np.random.rand())"), student("print(np.random.rand())"))
    first, again, other = toys.run(*cells), toys.run(*cells), toys.run(*cells, seed=2021)
    assert first.text(0) == again.text(0) != first.text(1) == again.text(1)
    assert other.text(0) != first.text(0)


def test_seed_none_leaves_the_random_state_alone(toys):
    cells = (
        student("import random\nrandom.seed(1)\na = random.random()"),
        student("print(random.random() == a)"),
    )
    assert toys.run(*cells, seed=None).text(1).strip() == "False"


def test_a_forged_random_state_ends_the_student_and_not_the_examiner(toys):
    answer = (
        "import numpy as np, gc\n"
        "def f():\n"
        "    for o in gc.get_objects():\n"
        "        if type(o).__name__ == 'Conversation':\n"
        "            o._changed_random = lambda: {'numpy': (b'x', 10**9, 3, 'y'), 'random': (3, (1,), 0)}\n"
        "    return 1\n"
        "def g(): return 1"
    )
    ran = toys.run(
        student(answer),
        hidden("import numpy as np, random\nnp.random.seed(0); random.seed(0)\nassert f() == 1"),
        hidden("assert g() == 1"),
        names="f g",
    )
    assert ran.outcomes == ["crashed", "passed"]


def test_warnings_cost_nothing(toys):
    answer = (
        "import sys, warnings\nwarnings.warn('at the cell')\n"
        "print('err', file=sys.stderr)\ndef f():\n"
        "    warnings.warn('in the call')\n    return 1"
    )
    assert toys.outcome(answer, "assert f() == 1", names="f") == "passed"


def test_a_warning_class_of_the_students_own_arrives_as_its_ancestor(toys):
    answer = "import warnings\nclass W(FutureWarning): pass\ndef f(): warnings.warn('x', W)"
    assert (
        toys.outcome(
            answer, "import pytest\nwith pytest.warns(FutureWarning, match='x'):\n    f()", names="f"
        )
        == "passed"
    )


def test_a_flood_of_warnings_is_cut(toys):
    answer = (
        "import warnings\ndef f():\n"
        "    for i in range(5000): warnings.warn('x' * 5000 + str(i))\n"
        "    return 1"
    )
    assert toys.outcome(answer, "assert f() == 1") == "passed"


def test_the_warning_filter_of_the_student_is_honoured(toys):
    answer = "import warnings\nwarnings.simplefilter('ignore')\ndef f(): warnings.warn('x')"
    test = (
        "import warnings\nwith warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n    f()"
    )
    assert toys.outcome(answer, test, names="f") == "passed"


def test_output_of_the_student_cannot_forge_what_a_test_captures_from_itself(toys):
    test = (
        "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    print('mine')\n"
        "assert out.getvalue() == 'mine\\n'"
    )
    assert toys.outcome("import sys\nsys.stdout = None\ndef print(*a): pass", test, names="f") == "passed"


@pytest.mark.parametrize(
    "patch",
    [
        "import random\nrandom.random = lambda: 4.0",
        "import numpy as np\nnp.allclose = lambda *a, **k: True\nnp.isclose = np.allclose",
        "import pytest\npytest.approx = lambda x, **k: type('Any', (), {'__eq__': lambda s, o: True})()",
        "import torch\ntorch.equal = torch.allclose = lambda *a, **k: True",
        "import sys\nfor name in list(sys.modules):\n"
        "    if name.startswith('numpy.testing'): del sys.modules[name]",
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None",
    ],
)
def test_a_library_patched_by_the_student_is_whole_in_the_examiner(toys, patch):
    test = (
        "import numpy as np, pytest, random, torch\n"
        "assert not np.allclose(f(), 1.0)\nassert not f() == pytest.approx(1.0)\n"
        "assert not torch.equal(torch.tensor(f()), torch.tensor(1.0))\nassert random.random() != 4.0\n"
        "with pytest.raises(AssertionError):\n    np.testing.assert_allclose(f(), 1.0)"
    )
    assert toys.outcome(f"def f(): return 0.0\n{patch}", test, names="f") == "passed"


def test_a_module_that_shadows_a_library_is_not_imported_by_a_test(toys):
    ran = toys.run(
        student(
            "from pathlib import Path\n"
            "for name in ('colorsys', 'statistics', 'numpy', 'conftest', 'sitecustomize'):\n"
            "    Path(name + '.py').write_text('raise SystemExit\\nmean = lambda x: 4')\n"
            "def f(): return [1, 2]"
        ),
        hidden("import statistics, colorsys\nassert statistics.mean(f()) == 1.5"),
        names="f",
    )
    assert ran.outcome == "passed"


# files ------------------------------------------------------------------------------------------


def test_a_file_that_a_student_cell_wrote_is_read_by_a_test(toys):
    cells = (
        student(
            "import os\nopen('out.csv', 'w').write('1,2')\nos.mkdir('sub')\n"
            "open('sub/deep.txt', 'w').write('x')"
        ),
        hidden(
            "from pathlib import Path\nassert Path('out.csv').read_text() == '1,2'\n"
            "assert Path('sub/deep.txt').read_text() == 'x'"
        ),
        student("open('out.csv', 'w').write('3,4')\nos.remove('sub/deep.txt')"),
        hidden("assert Path('out.csv').read_text() == '3,4'\nassert not Path('sub/deep.txt').exists()"),
    )
    ran = toys.run(*cells, names="")
    assert ran.outcomes == ["passed", "passed"], ran.test("t2").record


def test_a_data_file_of_the_assignment_is_there_on_both_sides(toys):
    cells = (
        locked("rows = open('data.csv').read()"),
        student("def f(): return open('data.csv').read()"),
        hidden("assert f() == rows == open('data.csv').read() == '1,2'"),
    )
    assert toys.run(*cells, files={"data.csv": "1,2"}).outcomes == ["passed"]


def test_a_locked_cell_reads_the_files_as_they_were_before_the_first_cell(toys):
    """A student who overwrites the data does not get a test of other data."""
    cells = (
        student("open('data.csv', 'w').write('9')"),
        hidden("assert open('data.csv').read() == '9'"),
        locked("rows = open('data.csv').read()"),
        hidden("assert rows == '1'"),
        hidden("assert open('data.csv').read() == '9'"),
    )
    assert toys.run(*cells, files={"data.csv": "1"}).outcomes == ["passed"] * 3


@pytest.mark.parametrize(
    "link", ["os.symlink", "lambda target, name: os.symlink(os.path.relpath(target), name)"]
)
def test_links_of_the_students_are_not_followed(toys, tmp_path, link):
    secret = tmp_path / "secret.txt"
    secret.write_text("c4n4ry")
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "tests.txt").write_text("c4n4ry")
    ran = toys.run(
        student(
            f"import os\nlink = {link}\nlink({str(secret)!r}, 'a.txt')\n"
            f"link({str(folder)!r}, 'sub')\nlink('/proc/self', 'me')"
        ),
        hidden(
            "import os\n"
            "assert not os.path.lexists('a.txt') and not os.path.lexists('sub') and not os.path.lexists('me')"
        ),
        names="",
    )
    assert ran.outcome == "passed"


def test_pipes_and_devices_do_not_hold_a_test_up(toys):
    ran = toys.run(
        student("import os\nos.mkfifo('pipe')\nopen('real', 'w').write('x')"),
        hidden("import os\nassert os.path.exists('real') and not os.path.exists('pipe')"),
        names="",
    )
    assert ran.outcome == "passed"


def test_a_file_where_a_folder_was_and_a_folder_where_a_file_was_are_seen(toys):
    ran = toys.run(
        student("import os\nos.mkdir('d'); open('d/x', 'w').close(); open('e', 'w').close()"),
        hidden("import os\nassert os.listdir('d') == ['x'] and os.path.isfile('e')"),
        student(
            "import shutil\nshutil.rmtree('d'); open('d', 'w').close()\n"
            "os.remove('e'); os.mkdir('e'); open('e/y', 'w').close()"
        ),
        hidden("assert os.path.isfile('d') and os.listdir('e') == ['y']"),
        student("os.remove('d'); shutil.rmtree('e')"),
        hidden("assert not os.path.exists('d') and not os.path.exists('e')"),
    )
    assert ran.outcomes == ["passed"] * 3
    assert not ran.run.notes


def test_files_of_nothing_are_not_copied_without_end(toys):
    """A sparse file takes no room, and its copy does."""
    ran = toys.run(
        student("for i in range(200):\n    with open(f'f{i}', 'wb') as file: file.truncate(30 * 2**20)"),
        hidden("import os\nassert sum(os.path.getsize(name) for name in os.listdir()) <= 64 * 2**20"),
    )
    assert ran.outcomes == ["passed"]


def test_a_test_that_writes_a_file_does_not_change_the_students(toys):
    ran = toys.run(
        student("open('a', 'w').write('1')"),
        hidden("open('a', 'w').write('2')\nopen('b', 'w').write('hidden')"),
        student("import os\nprint(open('a').read(), os.path.exists('b'))"),
        names="",
    )
    assert ran.text(2).strip() == "1 False"


def test_the_notebooks_of_a_submission_share_their_files(servers, tmp_path):
    toys = Toys(servers, tmp_path)
    toys.run(student("open('model.txt', 'w').write('from the first')"))
    carried = {name: data.decode() for name, data in toys.kept.items()}
    ran = toys.run(student("print(open('model.txt').read())"), files=carried)
    assert ran.text().strip() == "from the first"


# figures and sources ------------------------------------------------------------------------------


def test_a_figure_is_looked_at_through_handles(toys):
    answer = (
        "import matplotlib.pyplot as plt\n"
        "def draw():\n    fig, ax = plt.subplots()\n"
        "    ax.plot([0, 1], [2, 3], label='line')\n    ax.set_title('T')\n"
        "    ax.set_xlabel('x')\n    return fig, ax"
    )
    test = (
        "fig, ax = draw()\nassert ax.get_title() == 'T' and ax.get_xlabel() == 'x'\n"
        "assert len(ax.lines) == 1\nline = ax.lines[0]\nassert list(line.get_ydata()) == [2, 3]\n"
        "assert line.get_label() == 'line'"
    )
    ran = toys.run(student(answer), hidden(test))
    assert ran.outcome == "passed", ran.test().record


def test_the_source_of_a_students_function_is_the_notebooks_text(toys):
    answer = "x = 1\n\ndef f(a):\n    # loop-free\n    return a\n\ndef g():\n    return 2"
    cells = (
        student("def other(): pass"),
        student(answer),
        hidden(
            "import inspect\nassert inspect.getsource(f) == 'def f(a):\\n"
            "    # loop-free\\n    return a\\n'\n"
            "assert 'return 2' in inspect.getsource(g)"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"]


def test_a_source_that_the_student_forges_is_not_believed(toys):
    """linecache and `__source__` are the student's; the text comes from the notebook."""
    answer = (
        "import linecache, inspect\ndef f(a):\n    for i in range(3): pass\n    return a\n"
        "name = f.__code__.co_filename\n"
        "linecache.cache[name] = (9, None, ['def f(a):\\n', '    return a\\n"
        "'], name)\n"
        "inspect.getsource = lambda x: 'def f(a): return a'"
    )
    ran = toys.run(
        student(answer), hidden("import inspect\nassert 'for' not in inspect.getsource(f)"), names="f"
    )
    assert ran.outcome == "failed"


def test_a_function_without_source_is_an_os_error_as_in_inspect(toys):
    test = "import inspect, pytest\nwith pytest.raises(OSError):\n    inspect.getsource(f)"
    assert toys.outcome("exec('def f(): return 1')", test, names="f") == "passed"


def test_shell_history_and_magics_are_refused_in_a_test(toys):
    for test in ("In[1]", "Out", "_oh"):
        ran = toys.run(student("1 + 1"), hidden(test), names="")
        assert ran.outcome == "error", test


def test_the_students_modules_are_not_the_examiners(toys):
    answer = "import sys, types\nm = sys.modules['planted'] = types.ModuleType('planted')\nm.answer = 42"
    assert toys.outcome(answer, "import planted", names="") == "error"


# Where the servers have NumPy alone ---------------------------------------------------------------

PATIENT = Limits(cell_seconds=60, test_seconds=60)  # torch takes seconds to import


@pytest.fixture(scope="module")
def numpy_alone() -> Iterator[Servers]:
    with Servers(("numpy",), ("numpy", "pytest", "autograder.checks")) as warm:
        yield warm


@pytest.mark.parametrize(
    "answer, test",
    [
        (
            "import torch\ndef f(n): return torch.full((n,), 0.5, dtype=torch.float64)",
            "from autograder import checks\nimport numpy as np\nassert np.shape(f(2)) == (2,)\n"
            "checks.close(f(3), [0.5, 0.5, 0.5], 'f(3)', atol=0)\n"
            "checks.same_again(lambda: f(2), 'the same again')",
        ),
        (
            "def f(x): return x + 1",
            "import torch\nwith torch.no_grad():\n    assert f(1) == 2\n"
            "torch.set_default_dtype(torch.float64)\nassert f(2) == 3",
        ),
    ],
    ids=["the student's", "the test's"],
)
def test_torch_that_one_side_imports_late_changes_nothing_on_the_other(numpy_alone, tmp_path, answer, test):
    ran = Toys(numpy_alone, tmp_path).run(student(answer), hidden(test), limits=PATIENT)
    assert ran.outcomes == ["passed"], ran.test().record


def test_draws_of_a_torch_that_only_the_student_has_are_not_the_same_again(numpy_alone, tmp_path):
    ran = Toys(numpy_alone, tmp_path).run(
        student("import torch\ndef f(): return torch.rand(3)"),
        hidden("from autograder import checks\nf()\nchecks.same_again(f, 'the same again')"),
        limits=PATIENT,
    )
    assert ran.outcomes == ["failed"], ran.test().record
    assert "the same again" in ran.test().message
