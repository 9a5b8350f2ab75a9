"""One stack of calls on both sides: wall.md, "Calls"."""

import pytest

from autograder.runtime.session import Limits
from tests.runtime.toys import hidden, in_one_process, student


def test_calls_nest_from_test_to_student_to_test_to_student(toys):
    """The test calls train, which calls the test's get_batch, which calls the student's features."""
    cells = (
        student(
            "def make_features(x): return [x, x * x]\n"
            "def train(get_batch, steps):\n    return [get_batch(n) for n in range(steps)]"
        ),
        hidden(
            "asked = []\n"
            "def get_batch(n):\n    asked.append(n)\n    return make_features(n)\n"
            "assert train(get_batch, 3) == [[0, 0], [1, 1], [2, 4]]\nassert asked == [0, 1, 2]"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_a_student_may_recurse_through_the_test(toys):
    cells = (
        student("def down(n, call): return 0 if n == 0 else 1 + call(n - 1)"),
        hidden("def call(n): return down(n, call)\nassert down(15, call) == 15"),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_endless_recursion_through_the_test_is_a_recursion_error(toys):
    cells = (
        student("def down(call): return call()"),
        hidden("def call(): return down(call)\ndown(call)"),
        hidden("assert down(lambda: 5) == 5"),
    )
    assert toys.run(*cells).outcomes == ["error", "passed"]


def test_deep_recursion_of_the_student_is_an_error_and_no_death(toys):
    ran = toys.run(
        student("def f(n): return f(n + 1)"),
        hidden("f(0)"),
        hidden("import pytest\nwith pytest.raises(RecursionError): f(0)"),
    )
    assert ran.outcomes == ["error", "passed"]
    assert not ran.run.notes


@pytest.mark.parametrize("swallow", ["Exception", "BaseException", "AssertionError"])
def test_an_assert_in_a_spy_cannot_be_swallowed(toys, swallow):
    ran = toys.run(
        student(
            f"def helper(x): return x\ndef f(x):\n    try:\n        helper(-x)\n"
            f"    except {swallow}:\n        pass\n    return 4"
        ),
        hidden(
            "real = helper\ndef helper(x):\n"
            "    assert x > 0, 'helper is called with x'\n    return real(x)\n"
            "assert f(1) == 4"
        ),
    )
    assert ran.outcome == "failed"
    assert ran.test().message == "helper is called with x"


def test_what_a_callback_raises_reaches_the_student_as_a_bare_runtime_error(toys):
    answer = (
        "seen = []\ndef f(g):\n    try:\n        g()\n    except BaseException as e:\n"
        "        seen.append((type(e).__name__, str(e), e.__cause__ is None, e.__context__ is None))"
    )
    ran = toys.run(
        student(answer),
        hidden("def g(): raise ValueError('the secret is 42')\nf(g)"),
        hidden(
            "assert seen == [('RuntimeError', 'a function of the test that was "
            "called failed', True, True)], seen"
        ),
    )
    assert ran.outcomes == ["error", "passed"]


def test_the_first_failure_of_several_callbacks_counts(toys):
    answer = (
        "def f(g):\n    for i in range(3):\n        try:\n            g(i)\n"
        "        except RuntimeError:\n            pass"
    )
    ran = toys.run(student(answer), hidden("def g(i): assert i == -1, f'call {i}'\nf(g)"))
    assert ran.test().message == "call 0"


def test_an_exception_of_the_students_passes_through_a_callback(toys):
    cells = (
        student(
            "def inner(): raise KeyError('k')\ndef f(g):\n    try:\n"
            "        return g()\n    except Exception:\n        return 'caught'"
        ),
        hidden("def g(): return inner()\nassert f(g) == 'caught'"),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_a_function_is_valid_only_in_the_cell_that_sent_it(toys):
    ran = toys.run(
        student("kept = []\ndef keep(g): kept.append(g); return g(1)\ndef again(): return kept[0](2)"),
        hidden("calls = []\ndef g(x):\n    calls.append(x)\n    return x\nassert keep(g) == 1"),
        hidden("again()"),
        hidden("assert calls == [1]"),
        hidden("assert keep(lambda x: 7) == 7"),
    )
    assert ran.outcomes[:2] == ["passed", "error"]
    assert ran.outcomes[2] == "passed"
    assert ran.outcomes[3] == "passed"


def test_a_function_of_a_test_is_not_called_from_a_later_cell(toys):
    ran = toys.run(
        student("kept = []\ndef keep(g): kept.append(g)"),
        hidden("answers = []\ndef g(x): answers.append(x)\nkeep(g)"),
        student("try:\n    kept[0](5)\nexcept RuntimeError as e:\n    print(e)"),
        hidden("assert answers == []"),
    )
    assert ran.outcomes == ["passed", "passed"]
    assert "only be called while that test runs" in ran.text(2)


def test_a_function_of_a_test_says_nothing_about_itself(toys):
    """No source, closure, globals or defaults of a test's function cross."""
    answer = (
        "def f(g):\n    import gc\n"
        "    names = '__closure__', '__defaults__', '__doc__', '__name__'\n"
        "    texts = [repr(getattr(g, n, '')) for n in names]\n"
        "    return ' '.join(texts) + repr(g.__code__.co_consts) + repr(g.__code__.co_filename)"
    )
    ran = toys.run(
        student(answer),
        hidden(
            "secret = 'c4n4ry'\ndef my_secret_g(x='c4n4ry'):\n    'c4n4ry'\n"
            "    return secret\ntext = f(my_secret_g)\n"
            "assert 'c4n4ry' not in text and 'my_secret' not in text, text"
        ),
    )
    assert ran.outcome == "passed", ran.test()


@pytest.mark.parametrize(
    "spawn",
    [
        "t = threading.Thread(target=run); t.start(); t.join()",
        "with concurrent.futures.ThreadPoolExecutor(1) as p: p.submit(run).result()",
    ],
)
def test_a_callback_from_a_thread_is_refused(toys, spawn):
    answer = (
        "import threading, concurrent.futures\ndef f(g):\n    said = []\n"
        "    def run():\n        try:\n            g()\n"
        f"        except RuntimeError as e:\n            said.append(str(e))\n    {spawn}\n    return said"
    )
    ran = toys.run(
        student(answer),
        hidden(
            "called = []\ndef g(): called.append(1)\nsaid = f(g)\n"
            "assert called == []\nassert 'main thread' in said[0]"
        ),
        hidden("assert f.__name__ == 'f'"),
        names="f",
    )
    assert ran.outcomes == ["passed", "passed"]


def test_a_callback_from_a_forked_worker_is_refused(toys):
    answer = (
        "import os\ndef f(g):\n    r, w = os.pipe()\n    if os.fork() == 0:\n        try:\n            g()\n"
        "        except BaseException as e:\n            os.write(w, str(e).encode())\n        os._exit(0)\n"
        "    os.wait()\n    return os.read(r, 1000).decode()"
    )
    ran = toys.run(
        student(answer),
        hidden(
            "called = []\ndef g(): called.append(1)\nsaid = f(g)\n"
            "assert called == []\nassert 'main thread' in said, said"
        ),
        names="f",
    )
    assert ran.outcome == "passed"


def test_a_forked_worker_that_goes_on_as_the_student_cannot_speak(toys):
    """A worker that returns into the grader's own frames finds the sockets closed."""
    ran = toys.run(
        student("import os\ndef f():\n    return os.fork() and 1"),
        hidden("assert f() == 1"),
        hidden("assert f() == 1"),
        names="f",
    )
    assert ran.outcomes == ["passed", "passed"]


def test_a_data_loader_with_workers_runs(toys):
    answer = (
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "def f(X):\n    loader = DataLoader(TensorDataset(X), batch_size=2, num_workers=1)\n"
        "    return torch.cat([x for (x,) in loader])"
    )
    cells = (student(answer), hidden("import torch\nX = torch.arange(5.0)\nassert torch.equal(f(X), X)"))
    assert toys.run(*cells, limits=Limits()).outcomes == ["passed"]


def test_a_program_that_the_student_starts_has_no_socket_of_ours(toys):
    answer = (
        "import os, subprocess\ndef f():\n"
        "    ls = subprocess.run(['ls', '-l', '/proc/self/fd'], close_fds=False, capture_output=True)\n"
        "    return ls.stdout.count(b'socket:')"
    )
    assert toys.outcome(answer, "assert f() == 0, f()", names="f") == "passed"


FRAME = (
    "import os, socket, struct\n"
    "def sockets():\n    found = []\n    for fd in range(3, 64):\n        try:\n"
    "            if 'socket' in os.readlink(f'/proc/self/fd/{fd}'): found.append(fd)\n"
    "        except OSError: pass\n    return found\n"
    "def say(kind, call, body):\n    head = struct.pack('<BIII', kind, call, 0, 0)\n    frame = head + body\n"
    "    for fd in sockets():\n        os.write(fd, struct.pack('<I', len(frame)) + frame)\n"
)


@pytest.mark.parametrize("kind", range(1, 10))
def test_a_frame_out_of_order_ends_the_student_and_not_the_examiner(toys, kind):
    ran = toys.run(
        student(FRAME + f"def f():\n    say({kind}, 7777, b'T')\n    return 1\ndef g(): return 2"),
        hidden("assert f() == 1"),
        hidden("assert g() == 2"),
        names="f g",
    )
    assert ran.outcomes == ["crashed", "passed"]


@pytest.mark.parametrize(
    "junk", ["b'\\xff' * 100", "struct.pack('<I', 2**31)", "struct.pack('<I', 3) + b'abc'"]
)
def test_junk_on_the_wire_ends_the_student_and_not_the_examiner(toys, junk):
    write = f"    for fd in sockets():\n        os.write(fd, {junk})\n    return 1\n"
    ran = toys.run(
        student(FRAME + "def f():\n" + write + "def g(): return 2"),
        hidden("assert f() == 1"),
        hidden("assert g() == 2"),
        names="f g",
    )
    assert ran.outcomes == ["crashed", "passed"]


def test_an_answer_forged_in_advance_is_no_more_than_an_answer(toys):
    """It is data of the student's, judged as what the function itself could have returned."""
    answer = FRAME + "def f():\n    say(4, 2, b'T')\n    say(4, 3, b'T')\n    return 1\ndef g(): return 0"
    ran = toys.run(student(answer), hidden("f()\nassert g() == 1"), names="f g")
    assert ran.outcome in ("crashed", "failed", "error")


def test_the_sockets_closed_by_the_student_end_the_student(toys):
    ran = toys.run(
        student(FRAME + "def f():\n    for fd in sockets(): os.close(fd)\n    return 1\ndef g(): return 2"),
        hidden("assert f() == 1"),
        hidden("assert g() == 2"),
        names="f g",
    )
    assert ran.outcomes == ["crashed", "passed"]


def test_an_absurd_argument_reaches_the_check_of_the_callback(toys):
    """`get_batch(2**40)` fails in the test's own check, before memory is taken."""
    ran = toys.run(
        student("def train(get_batch): return get_batch(2**40)"),
        hidden(
            "import numpy as np\ndef get_batch(n):\n"
            "    assert 0 < n <= 1000, 'batch sizes are at most 1000'\n"
            "    return np.zeros(n)\ntrain(get_batch)"
        ),
        hidden("assert True"),
    )
    assert ran.outcomes == ["failed", "passed"]
    assert ran.test().message == "batch sizes are at most 1000"


@pytest.mark.parametrize(
    "arguments", ["object()", "g", "print", "[lambda: 0]", "{object: 1}", "*range(100)", "x=object()"]
)
def test_a_callback_gets_data_or_handles_and_never_an_object_of_the_students(toys, arguments):
    answer = f"def f(g):\n    return g({arguments})"
    test = (
        "ok = []\ndef g(*args, **kw):\n    for a in (*args, *kw.values()):\n"
        "        ok.append(a is g or type(a) in (int, list, str) or 'student' in repr(a))\n"
        "f(g)\nassert ok and all(ok)"
    )
    assert toys.outcome(answer, test, names="f") == "passed"


def test_what_cannot_be_sent_to_the_student_is_refused(toys):
    ran = toys.run(
        student("def f(x): return 1"),
        hidden("class Own: pass\nf(Own())"),
        hidden("import threading\nf(threading.Lock())"),
        hidden("assert f(1) == 1"),
    )
    assert ran.outcomes == ["error", "error", "passed"]
    assert ran.test().message == "the test could not hand its data to your code"
    assert "an object of type Own" in ran.test().record


def test_nothing_of_checks_or_reference_is_ever_sent(toys):
    ran = toys.run(
        student("def f(x): return x"),
        hidden("from autograder import checks\nf(checks)"),
        hidden("from autograder import checks\nf(checks.CheckFailed)"),
    )
    assert ran.outcomes == ["error", "error"]


def test_a_value_too_large_for_a_frame_is_an_error_of_the_student(toys):
    ran = toys.run(
        student("import numpy as np\ndef f(): return np.zeros(10_000_000)\ndef g(): return 2"),
        hidden("f()"),
        hidden("assert g() == 2"),
        names="f g",
    )
    assert ran.outcomes[1] == "passed"
    assert ran.outcomes[0] in ("error", "crashed")


def test_library_functions_cross_by_name_and_stay_differentiable(toys):
    cells = (
        student(
            "import torch\ndef f(activation, x):\n"
            "    x = x.clone().requires_grad_()\n    activation(x).sum().backward()\n"
            "    return x.grad"
        ),
        hidden(
            "import torch\n"
            "assert torch.equal(f(torch.relu, torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 1.0]))"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_a_callback_given_back_is_the_tests_own_function(toys):
    cells = (student("def f(g): return g"), hidden("def g(): return 1\nassert f(g) is g"))
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_a_method_of_a_builtin_is_a_callback_too(toys):
    cells = (
        student("def f(note): note(1); note(2)"),
        hidden("log = []\nf(log.append)\nassert log == [1, 2]"),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)
