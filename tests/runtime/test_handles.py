"""What stands in a test for a student's object: wall.md, "Handles"."""

import pytest

from autograder.runtime.session import Limits
from tests.runtime.toys import hidden, in_one_process, student

SHORT = Limits(test_seconds=0.5)
REFUSED = "returned an object of type Liar where data was expected"

LIAR = """
class Liar:
    __hash__ = None
    def __init__(self, *a): self.value = 3.0
    def __sub__(self, o): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __sub__
    __pow__ = __matmul__ = __mod__ = __sub__
    __abs__ = __neg__ = __float__ = lambda self: 0.0
    def __eq__(self, o): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __bool__(self): return True
    def __int__(self): return 4
    __index__ = __round__ = __int__
    def __array__(self, *a, **k): import numpy; return numpy.array(4.0)
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    def __torch_function__(self, *a, **k): return True
    def __format__(self, spec): return "4"
    def __str__(self): return "4"
    __repr__ = __str__
def f(*a): return Liar()
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert f() == 4",
        "assert 4 == f()",
        "assert f() != 5",
        "assert abs(f() - 4) < 1e-9",
        "assert abs(4 - f()) < 1e-9",
        "assert f() < 5",
        "assert f() >= 4",
        "assert f()",
        "assert not f() is None and f()",
        "assert [f()] == [4]",
        "assert (1, f()) == (1, 4)",
        "assert f() in [4]",
        "assert 4 in [f()]",
        "assert float(f()) < 1",
        "assert int(f()) == 4",
        "assert f'{f()}' == '4'",
        "assert round(f()) == 4",
        "assert range(10)[f()] == 4",
        "assert sum([f()]) == 4",
        "assert max(f(), 3) == 4",
        "assert sorted([f(), f()])",
        "import math\nassert math.isclose(f(), 4)",
        "import pytest\nassert f() == pytest.approx(4)",
        "import numpy as np\nassert np.abs(np.float64(4) - f()) < 1",
        "import numpy as np\nassert np.allclose(f(), 4.0)",
        "import numpy as np\nassert np.isclose(np.ones(3) * 4, f()).all()",
        "import numpy as np\nnp.testing.assert_allclose(f(), 4.0)",
        "import numpy as np\nnp.testing.assert_equal(f(), 4)",
        "import torch\nassert torch.allclose(f(), torch.tensor(4.0))",
        "import torch\nassert (torch.ones(2) - f()).abs().max() < 1",
        "import torch\ntorch.testing.assert_close(f(), torch.tensor(4.0))",
        "from autograder import checks\nchecks.close(f(), 4.0)",
    ],
)
def test_an_object_that_lies_in_its_operators_never_passes(toys, test):
    assert toys.outcome(LIAR, test, names="f") in ("failed", "error")


@pytest.mark.parametrize("test", ["assert f() == 4", "assert abs(4 - f()) < 1", "assert f()"])
def test_the_message_says_that_data_was_expected(toys, test):
    ran = toys.run(student(LIAR), hidden(test), names="f")
    assert ran.outcome == "failed"
    assert ran.test().message == REFUSED


def test_comparison_does_not_fall_back_to_identity(toys):
    """Two handles of one object are one handle, and still not equal."""
    assert toys.outcome("o = object()\ndef f(): return o", "assert f() == f()", names="f") == "failed"


def test_the_same_object_arrives_as_the_same_handle(toys):
    assert toys.outcome("o = object()\ndef f(): return o", "assert f() is f()", names="f") == "passed"


def test_an_object_given_back_is_the_students_own(toys):
    answer = "class Box: pass\nbox = Box()\ndef make(): return box\ndef same(b): return b is box"
    assert toys.outcome(answer, "assert same(make()) is True\nassert same(box) is True") == "passed"


@pytest.mark.parametrize(
    "name",
    [
        *("__array_interface__", "__array_struct__", "__array__", "__cuda_array_interface__", "__dlpack__"),
        *("__torch_function__", "__buffer__", "__getattr__", "__dict__", "__globals__", "__code__"),
        *("__reduce__", "__getstate__", "_private", "__self__", "__func__", "__wrapped__"),
    ],
)
def test_names_with_an_underscore_are_not_forwarded(toys, name):
    answer = f"class Box: pass\nbox = Box()\nbox.__dict__[{name!r}] = 4"
    test = (
        f"value = getattr(type(box), {name!r}, None) or getattr(box, {name!r}, None)\n"
        "assert not isinstance(value, int), 'forwarded'"
    )
    assert toys.outcome(answer, f"{test}\nassert getattr(box, {name!r}, None) != 4") == "passed"


def test_a_pointer_into_the_examiners_memory_is_not_followed(toys):
    """numpy would read any address that `__array_interface__` names."""
    answer = (
        "class Pointer:\n"
        "    __array_interface__ = {'shape': (8,), "
        "'typestr': '|u1', 'data': (0x400000, True), 'version': 3}\n"
        "def f(): return Pointer()"
    )
    ran = toys.run(
        student(answer), hidden("import numpy as np\nassert np.asarray(f()).dtype == np.uint8"), names="f"
    )
    assert ran.outcome in ("failed", "error")


def test_attributes_calls_len_index_and_iteration_cross_as_data(toys):
    answer = (
        "class Table:\n"
        "    rows = (1, 2, 3)\n"
        "    def total(self, scale=1): return sum(self.rows) * scale\n"
        "    def __len__(self): return 3\n"
        "    def __getitem__(self, i): return self.rows[i]\n"
        "    def __iter__(self): return iter(self.rows)\n"
        "    def __call__(self, x): return x + 1\n"
        "def f(): return Table()"
    )
    cells = (
        student(answer),
        hidden(
            "t = f()\nassert t.rows == (1, 2, 3)\nassert t.total(scale=2) == 12\nassert len(t) == 3\n"
            "assert t[0] == 1 and t[1:] == (2, 3)\nassert list(t) == [1, 2, 3]\n"
            "assert 2 in t\nassert t(1) == 2\n"
            "assert callable(t) and hasattr(t, 'rows') and not hasattr(t, 'columns')\n"
            "a, b, c = t\nassert (a, b, c) == (1, 2, 3)\nassert sum(x for x in t) == 6"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_attributes_of_a_handle_cannot_be_set(toys):
    assert toys.outcome("class A: x = 1\na = A()", "a.x = 2") == "error"


@pytest.mark.parametrize("length", ["-1", "2**70", "1.5", "'3'", "True"])
def test_a_length_must_be_one(toys, length):
    answer = f"class A:\n    def __len__(self): return {length}\na = A()"
    assert toys.outcome(answer, "assert len(a) >= 0") in ("error", "passed" if length == "True" else "error")


def test_endless_iteration_ends_with_the_time_of_the_test(toys):
    answer = "def f():\n    while True: yield 1"
    ran = toys.run(student(answer), hidden("sum(f())"), hidden("assert next(f()) == 1"), limits=SHORT)
    assert ran.outcomes == ["timeout", "passed"]


def test_a_generator_is_drawn_from_item_by_item(toys):
    cells = (
        student("log = []\ndef f():\n    for i in range(5):\n        log.append(i)\n        yield i"),
        hidden(
            "import itertools\ng = f()\nassert next(g) == 0\nassert log == [0]\n"
            "assert list(itertools.islice(g, 2)) == [1, 2]\n"
            "assert list(g) == [3, 4]\nassert next(g, 'end') == 'end'"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_a_claimed_class_satisfies_isinstance_of_library_classes(toys):
    answer = (
        "import torch\n"
        "class Net(torch.nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.lin = torch.nn.Linear(2, 1)\n"
        "    def forward(self, x): return self.lin(x)\n"
        "def f(): return Net()"
    )
    test = (
        "import torch\nm = f()\nassert isinstance(m, torch.nn.Module)\n"
        "assert not isinstance(m, torch.nn.Linear)\nassert isinstance(m.lin, torch.nn.Linear)\n"
        "assert m(torch.zeros(3, 2)).shape == (3, 1)\nassert len(list(m.parameters())) == 2\n"
        "assert all(isinstance(p, torch.Tensor) for p in m.parameters())\n"
        "assert set(m.state_dict()) == {'lin.weight', 'lin.bias'}\nassert m.training is True"
    )
    cells = (student(answer), hidden(test))
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


@pytest.mark.parametrize("claim", ["float", "int", "str", "list", "dict", "bool"])
def test_a_lying_class_is_no_instance_of_a_data_type(toys, claim):
    answer = (
        f"class Liar:\n    __class__ = {claim}\n    __abs__ = __sub__ = lambda s, *o: 0\n"
        f"Liar.__module__ = 'builtins'; Liar.__qualname__ = Liar.__name__ = {claim!r}\n"
        "def f(): return Liar()"
    )
    assert toys.outcome(answer, f"assert isinstance(f(), {claim})", names="f") == "failed"


@pytest.mark.parametrize("path", ["numpy.ndarray", "torch.Tensor", "torch.nn.parameter.Parameter"])
def test_a_lying_class_is_no_array_and_no_tensor(toys, path):
    module, _, name = path.rpartition(".")
    answer = (
        f"class Liar: pass\nLiar.__module__ = {module!r}; Liar.__qualname__ = Liar.__name__ = {name!r}\n"
        "def f(): return Liar()"
    )
    test = (
        f"import numpy, torch\nassert not isinstance(f(), {path})\n"
        "try:\n    torch.nn.functional.relu(f())\n"
        "except TypeError:\n    pass\nelse:\n    raise AssertionError"
    )
    assert toys.outcome(answer, test, names="f") == "passed"


def test_a_function_is_one_for_inspect_and_for_isinstance(toys):
    cells = (
        student('def f(x: int, *rest, key=2, **more) -> float:\n    """Doubles."""\n    return x'),
        hidden(
            "import inspect, types\nassert callable(f)\nassert isinstance(f, types.FunctionType)\n"
            "assert f.__name__ == 'f'\nassert f.__doc__ == 'Doubles.'\n"
            "assert list(inspect.signature(f).parameters) == ['x', 'rest', 'key', 'more']\n"
            "assert inspect.signature(f).parameters['key'].default == 2\n"
            "assert type(f) is types.FunctionType\nassert 'return x' in inspect.getsource(f)"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"]


def test_type_of_an_instance_has_the_name_of_its_class(toys):
    answer = "class Model: pass\ndef f(): return Model()"
    assert toys.outcome(answer, "assert type(f()).__name__ == 'Model'") == "passed"


def test_type_of_data_is_the_exact_builtin(toys):
    answer = "class F(float):\n    def __sub__(self, o): return 0.0\ndef f(): return F(3)"
    ran = toys.run(
        student(answer),
        hidden("assert type(f()) is float\nassert f() == 3.0"),
        hidden("assert abs(f() - 4) < 1"),
        names="f",
    )
    assert ran.outcomes == ["passed", "failed"]
    assert "classes taken for their base: F" in ran.test().record


def test_a_subclass_of_an_array_arrives_as_the_array(toys):
    answer = (
        "import numpy as np\nclass A(np.ndarray):\n"
        "    def __array_ufunc__(self, *a, **k): return np.array(True)\n"
        "def f(): return np.zeros(3).view(A)"
    )
    test = "import numpy as np\nassert type(f()) is np.ndarray\nassert not np.allclose(f(), 1)"
    assert toys.outcome(answer, test, names="f") == "passed"


def test_an_object_is_no_context_manager_and_cannot_be_copied(toys):
    answer = "import threading\ndef f(): return threading.Lock()"
    ran = toys.run(
        student(answer),
        hidden("with f():\n    pass"),
        hidden("import copy\ncopy.deepcopy(f())"),
        hidden("import pickle\npickle.dumps(f())"),
        names="f",
    )
    assert ran.outcomes == ["error"] * 3


def test_an_object_that_would_unpickle_to_code_stays_with_the_student(toys):
    answer = (
        "import os\nclass Bomb:\n"
        "    def __reduce__(self): return os.system, ('touch exploded',)\n"
        "def f(): return [Bomb(), {'a': Bomb()}]"
    )
    ran = toys.run(
        student(answer), hidden("assert len(f()) == 2\nimport os\nassert not os.path.exists('exploded')")
    )
    assert ran.outcome == "passed"
    assert "exploded" not in toys.kept


def test_a_signature_or_doc_that_lies_in_form_is_none(toys):
    answer = (
        "class Odd:\n    __name__ = 5\n    __doc__ = ['x']\n    __signature__ = 'no'\n"
        "    def __call__(self): return 1\n"
        "f = Odd()"
    )
    test = (
        "import inspect\nassert f() == 1\nassert f.__doc__ is None\n"
        "try:\n    inspect.signature(f)\nexcept ValueError:\n    pass\nelse:\n    raise RuntimeError"
    )
    assert toys.outcome(answer, test, names="f") == "passed"


def test_a_default_whose_repr_is_hostile_does_no_harm(toys):
    answer = "class D:\n    def __repr__(self): raise ValueError\ndef f(x=D()): return 1"
    assert toys.outcome(answer, "assert f() == 1\nassert f.__name__ == 'f'", names="f") == "passed"


def test_many_objects_do_not_pile_up(toys):
    """Handles that the test dropped are dropped by the student too."""
    answer = (
        "import gc\nclass Box: pass\ndef make(): return Box()\n"
        "def alive(): return sum(type(o) is Box for o in gc.get_objects())"
    )
    test = "for _ in range(200):\n    make()\nassert alive() < 5, alive()"
    assert toys.outcome(answer, test) == "passed"


@pytest.mark.parametrize("kind", ["Parameter", "UninitializedParameter", "Buffer"])
def test_no_object_claims_to_be_a_tensor(toys, kind):
    """torch asks isinstance before it reads memory: such a claim ended in a segmentation fault."""
    answer = (
        "import torch\nclass Liar: pass\n"
        f"Liar.__module__, Liar.__qualname__ = 'torch.nn.parameter', '{kind}'\ndef f(): return Liar()"
    )
    test = (
        "import torch\nassert not isinstance(f(), torch.Tensor)\n"
        "try:\n    torch.add(torch.ones(2), f())\nexcept TypeError:\n    pass\nelse:\n    raise RuntimeError"
    )
    assert toys.outcome(answer, test, names="f") == "passed"


@pytest.mark.parametrize("name", ["f'\\x1b[31m {x}'", "f'x' * 100", "f'{x} eggs'", "''"])
def test_a_name_that_is_none_is_not_quoted(toys, name):
    ran = toys.run(student(f"def f(x): return type({name}, (), {{}})()"), hidden("assert f(31337) == 3"))
    assert ran.test().message == "returned an object of type object where data was expected"
