"""Objects of a test that a student changes in place: wall.md, "Values, examiner to student".

Every notebook here runs in one process too, and must come out the same.
"""

import pytest

from tests.runtime.toys import hidden, in_one_process, student

TORCH = "import torch\n"

SAME_IN_ONE_PROCESS = {
    "an array changed in place": (
        "def f(a):\n    a += 1",
        "import numpy as np\na = np.zeros(3)\nassert f(a) is None\nassert (a == 1).all()",
    ),
    "an array of the test that the student only binds anew": (
        "def f(a):\n    a = a + 1\n    return a",
        "import numpy as np\na = np.zeros(3)\nb = f(a)\n"
        "assert (a == 0).all() and (b == 1).all()\nassert b is not a",
    ),
    "an array given back is the same array": (
        "def f(a): return a",
        "import numpy as np\na = np.zeros(3)\nassert f(a) is a\nassert f(a=a) is a",
    ),
    "a list, a dict and a set changed in place": (
        "def f(l, d, s):\n    l.append(4); d['x'] = l; s.discard(1)\n    return d",
        "l, d, s = [1], {}, {1, 2}\nassert f(l, d, s) is d\nassert l == [1, 4] and d['x'] is l and s == {2}",
    ),
    "nested containers keep their identity": (
        "def f(d):\n    d['a'][0].append(1)\n    d['b'] = d['a']",
        "inner = []\nd = {'a': [inner]}\nf(d)\nassert inner == [1] and d['b'] is d['a']",
    ),
    "one object in two arguments is one object": (
        "def f(a, b):\n    a += 1\n    return a is b",
        "import numpy as np\na = np.zeros(2)\nassert f(a, a) is True\n"
        "assert f(a, a.copy()) is False\nassert (a == 2).all()",
    ),
    "the same object in two calls is the same object": (
        "kept = []\ndef keep(a): kept.append(a)\ndef same(a): return kept[0] is a\n"
        "def change(): kept[0][0] = 9",
        "import numpy as np\na = np.zeros(2)\nkeep(a)\nassert same(a)\nchange()\nassert a[0] == 9\n"
        "a[1] = 5\nassert same(a)",
    ),
    "what the test changes between two calls": (
        "def total(a): return float(a.sum())",
        "import numpy as np\na = np.ones(3)\nassert total(a) == 3\na[0] = 5\nassert total(a) == 7",
    ),
    "a parameter stepped down its gradient in place": (
        "import torch\ndef step(params, lr):\n    with torch.no_grad():\n        for p in params:\n"
        "            p -= lr * p.grad",
        TORCH + "w = torch.ones(3, requires_grad=True)\n(w ** 2).sum().backward()\nkept = w\nstep([w], 0.1)\n"
        "assert torch.allclose(w, torch.full((3,), 0.8)) and kept is w and w.requires_grad and w.is_leaf",
    ),
    "a replaced parameter is another one, and the old keeps its value": (
        "import torch\ndef f(m):\n    m.weight = torch.nn.Parameter(torch.zeros(1, 2))",
        TORCH + "m = torch.nn.Linear(2, 1)\nold = m.weight\nvalue = old.detach().clone()\nf(m)\n"
        "assert m.weight is not old and torch.equal(old, value) and (m.weight == 0).all()\n"
        "assert isinstance(m.weight, torch.nn.Parameter)",
    ),
    "parameter data changed in place is the old one with new values": (
        "import torch\ndef f(m):\n    m.weight.data.fill_(2.0)",
        TORCH
        + "m = torch.nn.Linear(2, 1)\nold = m.weight\nf(m)\nassert m.weight is old and (old == 2).all()",
    ),
    "an optimizer keeps the parameters of its model": (
        "import torch\ndef train(m, o, x):\n    for _ in range(3):\n        o.zero_grad()\n"
        "        m(x).pow(2).mean().backward()\n        o.step()\n"
        "    return o.param_groups[0]['params'][0] is m.weight",
        TORCH + "torch.manual_seed(0)\nm = torch.nn.Linear(2, 1)\nimport copy\ntwin = copy.deepcopy(m)\n"
        "o = torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9)\nx = torch.arange(6.0).reshape(3, 2)\n"
        "assert train(m, o, x) is True\n"
        "p = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=0.9)\nfor _ in range(3):\n"
        "    p.zero_grad()\n    twin(x).pow(2).mean().backward()\n    p.step()\n"
        "assert torch.allclose(m.weight, twin.weight) and torch.allclose(m.bias, twin.bias)\n"
        "mine, theirs = (s['momentum_buffer'] for s in (o.state[m.weight], p.state[twin.weight]))\n"
        "assert torch.allclose(mine, theirs)\n"
        "assert torch.allclose(m.weight.grad, twin.weight.grad)",
    ),
    "an optimizer of the test steps after the student's backward": (
        "def back(m, x): m(x).sum().backward()",
        TORCH + "m = torch.nn.Linear(2, 1)\no = torch.optim.SGD(m.parameters(), lr=1.0)\n"
        "before = m.weight.detach().clone()\nback(m, torch.ones(1, 2))\nassert m.weight.grad is not None\n"
        "o.step()\nassert torch.allclose(before - m.weight, torch.ones(1, 2))",
    ),
    "Adam made by the test and stepped by the student": (
        "def step(o, m):\n    m.weight.grad.fill_(1.0)\n    o.step()",
        TORCH + "m = torch.nn.Linear(2, 1)\nm(torch.ones(1, 2)).sum().backward()\n"
        "o = torch.optim.Adam([m.weight], lr=0.1)\n"
        "before = m.weight.detach().clone()\nstep(o, m)\nstep(o, m)\n"
        "assert torch.allclose(before - m.weight, torch.full((1, 2), 0.2), atol=1e-3)\n"
        "assert float(o.state[m.weight]['step']) == 2",
    ),
    "gradients left by the test are seen, and zeroed ones come back": (
        "def read(m): return m.weight.grad is not None\ndef clear(m):\n"
        "    for p in m.parameters(): p.grad = None",
        TORCH + "m = torch.nn.Linear(2, 1)\nassert read(m) is False\nm(torch.ones(1, 2)).sum().backward()\n"
        "assert read(m) is True\nclear(m)\nassert m.weight.grad is None and m.bias.grad is None",
    ),
    "a gradient zeroed in place is the same tensor": (
        "def zero(m): m.weight.grad.zero_()",
        TORCH
        + "m = torch.nn.Linear(2, 1)\nm(torch.ones(1, 2)).sum().backward()\ng = m.weight.grad\nzero(m)\n"
        "assert m.weight.grad is g and (g == 0).all()",
    ),
    "train and eval": (
        "def f(m): m.eval()\ndef g(m): m.train()",
        TORCH + "m = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Dropout(0.5))\nf(m)\n"
        "assert not m.training and not m[1].training\ng(m)\nassert m.training and m[0].training",
    ),
    "buffers of batch norm": (
        "def f(m, x): return m(x)",
        TORCH + "m = torch.nn.BatchNorm1d(2)\nmean = m.running_mean\nf(m, torch.ones(4, 2) * 10)\n"
        "assert m.running_mean is mean and torch.allclose(mean, torch.ones(2)) and "
        "int(m.num_batches_tracked) == 1",
    ),
    "requires_grad switched off": (
        "def freeze(m):\n    for p in m.parameters(): p.requires_grad_(False)",
        TORCH
        + "m = torch.nn.Linear(2, 1)\nfreeze(m)\nassert not any(p.requires_grad for p in m.parameters())",
    ),
    "a torch generator is drawn from": (
        "import torch\ndef f(g): return torch.rand(3, generator=g)",
        TORCH + "g, h = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)\n"
        "assert torch.equal(f(g), torch.rand(3, generator=h))\n"
        "assert torch.equal(f(g), torch.rand(3, generator=h))\n"
        "assert torch.equal(torch.rand(2, generator=g), torch.rand(2, generator=h))",
    ),
    "numpy generators are drawn from": (
        "def f(g): return g.normal(size=3)",
        "import numpy as np\nfor make in (np.random.default_rng, np.random.RandomState):\n"
        "    g, h = make(5), make(5)\n    assert (f(g) == h.normal(size=3)).all()\n"
        "    assert (g.normal(size=2) == h.normal(size=2)).all()\n"
        "    assert (f(g) == h.normal(size=3)).all()",
    ),
    "a generator captured by a callback moves as the callback draws": (
        "def f(get, g):\n    first = get()\n    return first, g.random()",
        "import numpy as np\ng, h = np.random.default_rng(1), np.random.default_rng(1)\n"
        "assert f(lambda: g.random(), g) == (h.random(), h.random())",
    ),
    "an array changed by the student is seen in the callback, and back": (
        "def f(a, look):\n    a[0] = 1\n    look()\n    return a[1]",
        "import numpy as np\na = np.zeros(2)\ndef look():\n    assert a[0] == 1\n"
        "    a[1] = 7\nassert f(a, look) == 7",
    ),
    "a read-only array refuses the student's change": (
        "def f(a):\n    try:\n        a[0] = 1\n    except ValueError:\n        return 'refused'",
        "import numpy as np\na = np.zeros(2)\na.flags.writeable = False\n"
        "assert f(a) == 'refused'\nassert a[0] == 0",
    ),
    "an array in Fortran order": (
        "def f(a):\n    a[0, 1] = 5\n    return a.flags.f_contiguous",
        "import numpy as np\na = np.asfortranarray(np.zeros((2, 3)))\n"
        "assert f(a) == True\nassert a[0, 1] == 5",
    ),
    "a view of the test's": (
        "def f(a): a[:] = 5",
        "import numpy as np\na = np.zeros((3, 3))\nv = a[:, 1]\nf(v)\n"
        "assert (a[:, 1] == 5).all() and a.sum() == 15",
    ),
    "a tensor grown by the student's assignment to data": (
        "def f(t): t.data = t.data * 2",
        TORCH + "t = torch.ones(2)\nf(t)\nassert (t == 2).all()",
    ),
    "weights shared between two layers stay shared": (
        "def f(m): m[0].weight.data.zero_()\ndef shared(m): return m[0].weight is m[1].weight",
        TORCH
        + "m = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))\nm[1].weight = m[0].weight\n"
        "assert shared(m) is True\nf(m)\nassert (m[1].weight == 0).all() and m[0].weight is m[1].weight",
    ),
}


@pytest.mark.parametrize("name", SAME_IN_ONE_PROCESS)
def test_a_change_in_place_arrives_as_in_one_process(toys, name):
    answer, test = SAME_IN_ONE_PROCESS[name]
    cells = (student(answer), hidden(test))
    assert in_one_process(*cells) == ["passed"]
    ran = toys.run(*cells)
    assert ran.outcomes == ["passed"], ran.test().record


def test_a_module_of_the_students_own_class_stays_with_the_student(toys):
    answer = (
        "import torch\nclass Net(torch.nn.Module):\n    def forward(self, x): return x * 2\n"
        "def make(): return Net()\ndef kind(m): return type(m).__name__"
    )
    assert toys.outcome(answer, "m = make()\nassert kind(m) == 'Net'") == "passed"


@pytest.mark.parametrize(
    "value",
    [
        "type('Net', (torch.nn.Module,), {})()",
        "type('Opt', (torch.optim.SGD,), {})([torch.zeros(1, requires_grad=True)], lr=1)",
        "np.array([object()])",
        "iter([1])",
        "open('/dev/null')",
    ],
)
def test_what_is_no_mirror_and_no_data_is_refused(toys, value):
    ran = toys.run(student("def f(x): return 1"), hidden(f"import numpy as np, torch\nf({value})"))
    assert ran.outcome == "error"
    assert ran.test().message == "the test could not hand its data to your code"


def test_a_hook_on_a_module_is_refused(toys):
    test = TORCH + "m = torch.nn.Linear(2, 1)\nm.register_forward_hook(lambda *a: None)\nf(m)"
    assert toys.run(student("def f(m): return 1"), hidden(test)).outcome == "error"


@pytest.mark.parametrize(
    "attack",
    [
        "m.forward = lambda x: x * 0 + 1",
        "m.__class__ = Fake",
        "m.weight = torch.nn.Parameter(torch.zeros(5, 5))",
        "m.in_features = 'x' * 1000",
        "m.register_forward_hook(lambda m, i, o: o * 0 + 1)",
        "m._modules['evil'] = Fake(2, 1)",
    ],
)
def test_a_module_of_the_test_does_not_become_the_students(toys, attack):
    """Whatever the student does to it, in the examiner it stays a torch.nn module of its class."""
    answer = (
        "import torch\nclass Fake(torch.nn.Linear):\n    def forward(self, x): return x * 0 + 1\n"
        f"def f(m):\n    {attack}\ndef alive(): return 1"
    )
    test = (
        TORCH
        + "m = torch.nn.Linear(2, 1)\ntorch.nn.init.zeros_(m.weight)\ntorch.nn.init.zeros_(m.bias)\nf(m)\n"
        "assert type(m) is torch.nn.Linear and 'forward' not in vars(m)\n"
        "try:\n    out = m(torch.ones(3, 2))\nexcept RuntimeError:\n    pass\nelse:\n"
        "    assert (out == 0).all()"
    )
    ran = toys.run(student(answer), hidden(test), hidden("assert alive() == 1"), names="f alive")
    assert ran.outcomes[0] in ("passed", "error", "crashed")
    assert ran.outcomes[1] == "passed"


@pytest.mark.parametrize(
    "attack", ["a.resize((10**6,), refcheck=False)", "a.dtype = 'int64'", "a.shape = (3, 1)"]
)
def test_an_array_of_the_test_keeps_its_dtype_and_size(toys, attack):
    answer = f"def f(a):\n    {attack}"
    test = "import numpy as np\na = np.ones(3)\nf(a)\nassert a.dtype == float and a.size == 3"
    ran = toys.run(student(answer), hidden(test), hidden("assert callable(f)"))
    assert ran.outcomes[0] in ("passed", "crashed", "error")
    assert ran.outcomes[1] == "passed"


def test_mirrors_do_not_pile_up(toys):
    answer = (
        "import gc, numpy\ndef f(a): return a.sum()\n"
        "def alive(): return sum(type(o) is list and o[:1] == ['mark'] for o in gc.get_objects())"
    )
    test = "for _ in range(100):\n    total = f.__name__ and size(['mark'])\nassert alive() < 6, alive()"
    assert toys.outcome(answer + "\ndef size(l): return len(l)", test, names="f alive size") == "passed"
