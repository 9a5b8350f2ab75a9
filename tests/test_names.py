import pytest

from autograder.names import bound_names, needed_names, python_of, read_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1", {"x"}),
        ("x, (y, *z) = 1, (2, 3)", {"x", "y", "z"}),
        ("x += 1\ny: int = 2", {"x", "y"}),
        ("def f(a):\n    b = a\n    return b", {"f"}),
        ("async def f(): pass", {"f"}),
        ("class C:\n    attribute = 1", {"C"}),
        ("import a.b, c.d as e\nfrom f import g as h, i", {"a", "e", "h", "i"}),
        ("for i in []:\n    j = i", {"i", "j"}),
        ("with open('f') as f: pass", {"f"}),
        ("if (n := 1): pass\n[(m := k) for k in ()]", {"n", "m"}),
        ("match 1:\n    case [a, *b]: pass\n    case {'k': c, **d}: pass", {"a", "b", "c", "d"}),
        ("def f():\n    global g\n    g = 1", {"f", "g"}),
        ("%matplotlib inline\n!ls\nx = 1", {"x"}),
        ("%%time\nx = 1", {"x"}),
        ("%%capture out\n%%time\nx = 1", {"x"}),
        ("%%bash\nx=1", set()),
        ("x.y = 1\nz[0] = 2", set()),
        ("", set()),
    ],
)
def test_names_bound_at_top_level(source, names):
    assert bound_names(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("y = x", {"x"}),
        ("def f(a):\n    return a + b", {"b"}),
        ("def f():\n    a = 1\n    return lambda: a + c", {"c"}),
        ("[i for i in xs]", {"xs"}),
    ],
)
def test_names_read_from_outside(source, names):
    assert read_names(source) == names


@pytest.mark.parametrize("source", ["def", "x = \0", "%%time\ndef"])
def test_what_is_not_python_is_a_syntax_error(source):
    with pytest.raises(SyntaxError):
        bound_names(source)


def test_plain_python_is_left_as_it_is():
    assert python_of("x  =  1 # note") == "x  =  1 # note"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np\nx = np.zeros(3)\ny = x", set()),
        ("from checks import close\ndef test(f):\n    close(f, g)\ntest(h)", {"g", "h"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("if ready:\n    x = 1\ny = x", {"ready", "x"}),
        ("def f():\n    global x\n    x = 1\nf()\ny = x", {"x"}),
        ("def f():\n    return later\nlater = 1\nf()", {"later"}),
        ("x = 1\ndel x\ny = x", {"x"}),
        ("%matplotlib inline\ny = x", {"get_ipython", "x"}),
    ],
)
def test_names_that_a_cell_takes_from_elsewhere(source, names):
    assert needed_names(source) == names
