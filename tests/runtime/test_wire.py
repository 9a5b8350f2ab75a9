"""The codec and the frames: wall.md, "Values, student to examiner"."""

import enum
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import Counter, OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
import torch

from autograder.runtime import wire
from autograder.runtime.wire import (
    EXCEPTIONS,
    MAX_FRAME,
    Channel,
    Closed,
    Decoder,
    Encoder,
    Unsendable,
    WireError,
    decode,
    encode,
    exception_class,
    exception_index,
    exception_message,
)
from tests.runtime.values import Values, same

SEED = 20_240_607


def u32(number):
    return struct.pack("<I", number)


def u64(*numbers):
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def refused(data, match=None):
    with pytest.raises(WireError, match=match):
        decode(data)


def around(value):
    return decode(encode(value))


# Values ------------------------------------------------------------------------------------------


@pytest.mark.ci
def test_a_hundred_thousand_values_come_as_they_went():
    values = Values(SEED)
    for number in range(100_000):
        value = values.value()
        assert same(value, around(value)), f"value {number}: {value!r}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (1, 1.0),
        (0.0, -0.0),
        ("a", b"a"),
        ((1,), [1]),
        ({1}, frozenset({1})),
        (np.float32(1), np.float64(1)),
        (np.zeros(2), np.zeros(2, order="F").reshape(1, 2)),
        (torch.zeros(2), torch.zeros(2, requires_grad=True)),
        (torch.zeros(2), torch.zeros(2).double()),
        (ValueError("a"), ValueError("b")),
    ],
)
def test_values_that_differ_stay_different(one, other):
    """What the round trips rely on: `same` tells these apart."""
    assert same(one, around(one)) and same(other, around(other))
    assert not same(around(one), other) and not same(one, around(other))


def test_the_same_object_twice_in_a_value_is_one_object():
    array = np.zeros(3)
    first, second, third = around((array, [array], np.zeros(3)))
    assert first is second[0] and first is not third


def test_a_list_may_contain_itself():
    cycle = []
    cycle.append({"me": cycle})
    back = around(cycle)
    assert back[0]["me"] is back


def test_big_endian_arrays_come_in_native_order():
    back = around(np.arange(3, dtype=">f8"))
    assert back.dtype == np.float64 and back.dtype.isnative and back.tolist() == [0, 1, 2]


def test_what_comes_can_be_written():
    assert around(np.broadcast_to(np.float32(1), (3,))).flags.writeable
    assert around(np.zeros(3, dtype=bool)).flags.writeable


def test_a_negated_view_of_a_tensor_comes_with_its_values():
    values = torch.tensor([1 + 2j]).conj().imag
    assert values.is_neg() and around(values).tolist() == [-2.0]


def test_a_tensor_in_a_graph_comes_without_it():
    back = around(torch.ones(2, requires_grad=True) * 3)
    assert back.is_leaf and back.requires_grad and back.tolist() == [3, 3]


class Shade(enum.IntEnum):
    DARK = 3


Point = namedtuple("Point", "x y")


class Ballast(list):
    pass


class Grid(np.ndarray):
    pass


@pytest.mark.parametrize(
    ("value", "plain", "label"),
    [
        (Shade.DARK, 3, "Shade"),
        (Point(1, 2.0), (1, 2.0), "Point"),
        (OrderedDict(a=1), {"a": 1}, "OrderedDict"),
        (Counter("aab"), {"a": 2, "b": 1}, "Counter"),
        (defaultdict(list, a=[1]), {"a": [1]}, "defaultdict"),
        (Ballast([1]), [1], "Ballast"),
        (type("Tag", (set,), {})({1}), {1}, "Tag"),
        (type("Tag", (frozenset,), {})({1}), frozenset({1}), "Tag"),
        (np.str_("text"), "text", "str_"),
        (np.bytes_(b"text"), b"text", "bytes_"),
        (type("X" * 500, (float,), {})(1.5), 1.5, "X" * 200),
    ],
)
def test_a_subclass_comes_as_its_base_with_its_name_as_label(value, plain, label):
    decoder = Decoder(encode(value))
    assert same(decoder.whole(), plain)
    assert decoder.labels == [label]


def test_array_and_tensor_subclasses_come_as_plain_ones():
    values = [np.zeros((1, 2)).view(Grid), np.ma.masked_array([1.0]), torch.nn.Parameter(torch.ones(2))]
    decoder = Decoder(encode(values))
    grid, masked, parameter = decoder.whole()
    assert (type(grid), type(masked), type(parameter)) == (np.ndarray, np.ndarray, torch.Tensor)
    assert decoder.labels == ["Grid", "MaskedArray", "Parameter"]


def test_subclasses_keep_what_is_the_same_object():
    ballast, grid, parameter = Ballast(), np.zeros(1).view(Grid), torch.nn.Parameter(torch.ones(1))
    ballast.append(ballast)
    back, first, second, third, fourth = around([ballast, grid, grid, parameter, parameter])
    assert back[0] is back and first is second and third is fourth


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        type,
        np.array([object()], dtype=object),
        np.array(["text"]),
        np.zeros(2, dtype=[("a", int)]),
        np.datetime64("2024-01-01"),
        np.longdouble(1),
        np.zeros((1,) * 33),
        np.dtype("datetime64[s]"),
        torch.zeros(2).to_sparse(),
        torch.zeros(2, device="meta"),
        torch.zeros((1,) * 33),
        torch.zeros(2).to(torch.float8_e5m2),
        torch.float8_e5m2,
        torch.device("meta"),
        {object(): 1},
        {np.longdouble(1): 1},
        {(1, (2, Shade.DARK)): 1},
        {Shade.DARK},
        frozenset({Shade.DARK}),
        type("Odd", (dict,), {})({Shade.DARK: 1}),
        range(3),
        bytearray(b"a"),
        memoryview(b"a"),
        2**4096,
        -(2**4096),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_all_else_is_no_data(value):
    with pytest.raises(Unsendable):
        encode(value)
    with pytest.raises(Unsendable):
        encode([value])


def test_the_owner_of_the_encoder_writes_what_is_no_data():
    encoder = Encoder(other=lambda out, obj: out.number(b"h", 7))
    encoder.value([object(), {object(): 1}])
    decoder = Decoder(bytes(encoder.out), other=lambda tag, data: (chr(tag), data.i64()))
    assert decoder.whole() == [("h", 7), ("h", 7)]


def test_the_owner_of_the_encoder_claims_mirrors():
    known = {"a": 1}
    encoder = Encoder(leaf=lambda obj: 8 if obj is known else None)
    encoder.value([known, {}])
    decoder = Decoder(bytes(encoder.out), mirror={8: known}.__getitem__)
    back = decoder.whole()
    assert back == [known, {}] and back[0] is known


def test_an_object_that_is_no_data_may_be_a_mirror():
    odd = object()
    encoder = Encoder(leaf=lambda obj: 8 if obj is odd else None)
    encoder.value((odd,))
    assert Decoder(bytes(encoder.out), mirror={8: odd}.__getitem__).whole() == (odd,)


def test_an_object_that_is_neither_is_refused():
    with pytest.raises(Unsendable):
        Encoder(leaf=lambda obj: None).value(object())


# Limits of what is sent ---------------------------------------------------------------------------


def nested(depth, wrap=lambda inner: [inner]):
    value = 0
    for _ in range(depth):
        value = wrap(value)
    return value


def test_sixty_four_levels_cross_and_one_more_does_not():
    assert around(nested(64)) == nested(64)
    with pytest.raises(Unsendable, match="64 deep"):
        encode(nested(65))


def test_integers_of_4096_bits_cross():
    for value in (2**4096 - 1, 1 - 2**4096):
        assert around(value) == value


def test_a_value_has_as_many_parts_as_may_come(monkeypatch):
    monkeypatch.setattr(wire, "MAX_NODES", 1_000)
    assert len(around([None] * 999)) == 999
    with pytest.raises(Unsendable, match="1,000,000"):
        encode([None] * 1_000)


def test_tuples_that_share_their_parts_do_not_grow_without_end():
    with pytest.raises(Unsendable, match="1,000,000"):
        encode(nested(40, lambda inner: (inner, inner)))


def test_a_hundred_thousand_keys_are_the_most():
    assert len(around(dict.fromkeys(range(100_000)))) == 100_000
    with pytest.raises(WireError, match="100,000 keys"):
        Decoder(b"").check_keys(range(100_001))
    for value in (dict.fromkeys(range(100_001)), set(range(100_001)), frozenset(range(100_001))):
        with pytest.raises(Unsendable, match="100,000 keys"):
            encode(value)


def test_a_hundred_thousand_arrays_are_the_most(monkeypatch):
    monkeypatch.setattr(wire, "MAX_ARRAYS", 3)
    assert len(around([np.zeros(1) for _ in range(3)])) == 3
    with pytest.raises(Unsendable, match="arrays"):
        encode([np.zeros(1) for _ in range(4)])


# Limits of what comes -----------------------------------------------------------------------------


def test_a_frame_is_64_mib_at_most():
    with pytest.raises(WireError, match="64 MiB"):
        Decoder(bytes(MAX_FRAME + 1))


def test_more_than_a_million_nodes_are_refused():
    refused(b"t" + u32(1_000_000) + b"N" * 1_000_000, "nodes")


def test_more_items_than_can_follow_cost_nothing():
    for tag in b"ltdSz":
        refused(bytes([tag]) + u32(2**32 - 1), "more items")
        refused(bytes([tag]) + u32(1_000_000) + b"N" * 10, "more items")


def test_deeper_than_64_is_refused_however_deep():
    for tag in (b"l", b"t"):
        refused((tag + u32(1)) * 65 + b"N", "64 deep")
        refused((tag + u32(1)) * 1_000_000 + b"N", "64 deep")


def test_labels_do_not_nest():
    refused((b"L" + u32(1) + b"a") * 1_000_000 + b"N", "label")
    refused(b"L" + u32(1) + b"a", "label")
    refused(b"L" + u32(201) + b"a" * 201 + b"N", "label")


def test_a_shape_that_claims_32_gib_in_80_bytes_is_refused():
    float64 = wire.NUMPY_DTYPES.index("float64")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(b"a" + bytes([float64, 0, 2]) + u64(2**16, 2**16) + bytes(60), "payload")
    refused(b"x" + u32(3) + b"cpu" + bytes([12, 0, 2]) + u64(2**16, 2**16) + bytes(60), "payload")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**14


@pytest.mark.parametrize(
    "shape", [(0, 2**62), (2**63, 2**63, 0), (2**64 - 1,), (2**32, 2**32), (0,) * 31 + (2**40,)]
)
def test_a_zero_does_not_hide_an_extent_that_overflows(shape):
    refused(b"a" + bytes([0, 0, len(shape)]) + u64(*shape), "payload")
    refused(b"x" + u32(0) + bytes([0, 0, len(shape)]) + u64(*shape), "payload")


def test_more_than_32_dimensions_are_refused():
    refused(b"a" + bytes([0, 0, 33]) + u64(*[1] * 33) + b"\0", "dimensions")
    assert around(np.zeros((1,) * 32)).ndim == 32


def test_more_than_a_hundred_thousand_arrays_are_refused():
    """A tensor takes ten bytes of a frame and a hundred times that in memory."""
    one = b"a" + bytes([0, 0, 0]) + b"\1"
    refused(b"l" + u32(100_001) + one * 100_001, "arrays")


def test_twenty_thousand_integers_with_one_hash_are_refused_at_once():
    """The same dict takes 2.8 s to build."""
    modulus = sys.hash_info.modulus
    keys = [number * modulus for number in range(1, 20_001)]
    assert len(set(map(hash, keys))) == 1
    written = [b"I" + u32(12) + key.to_bytes(12, "little", signed=True) for key in keys]
    began = time.thread_time()
    refused(b"d" + u32(20_000) + b"N".join(written) + b"N", "one hash")
    refused(b"S" + u32(20_000) + b"".join(written), "one hash")
    refused(b"z" + u32(20_000) + b"".join(written), "one hash")
    assert time.thread_time() - began < 2


def colliding(count, bits):
    """Integers of distinct hashes whose probes in a table of 2**bits meet: most walk along the first half."""
    walk = [0]
    while len(walk) < count // 2:
        walk.append((5 * walk[-1] + 1) % 2**bits)
    return walk + [number << bits for number in range(1, count - len(walk) + 1)]


def test_keys_of_one_hash_that_numpy_cannot_compare_are_refused():
    """A NumPy number equals a tuple element by element, and an array has no truth."""
    pair = next((i, 0) for i in range(1_000) if abs(hash((i, 0))) < sys.hash_info.modulus)
    number, pair = encode(np.int64(hash(pair))), encode(pair)
    refused(b"d" + u32(2) + number + b"N" + pair + b"N", "cannot be compared")
    refused(b"S" + u32(2) + number + pair, "cannot be compared")
    refused(b"z" + u32(2) + number + pair, "cannot be compared")


def test_integers_of_distinct_hashes_chosen_to_collide_are_refused_in_time():
    """Without a clock each of these dicts takes five seconds."""
    keys = colliding(99_000, 18)
    assert len(set(map(hash, keys))) == len(keys)
    one = encode(dict.fromkeys(keys))
    data = b"l" + u32(4) + one * 4
    began = time.thread_time()
    refused(data, "chosen to collide")
    assert time.thread_time() - began < 5


@pytest.mark.parametrize(
    "key", [[], {}, np.zeros(1), torch.zeros(1), ..., slice(1), ([],), ((1, []),), ValueError()]
)
def test_only_plain_keys_come(key):
    written = encode(key)
    refused(b"d" + u32(1) + written + b"N", "key")
    refused(b"S" + u32(1) + written, "key")
    refused(b"z" + u32(1) + written, "key")


def test_a_mirror_is_no_key():
    with pytest.raises(WireError, match="key"):
        Decoder(b"S" + u32(1) + b"m" + u64(2), mirror=lambda _: []).whole()


def test_any_byte_of_a_bool_array_is_a_bool():
    """numpy and torch do undefined things with other bytes."""
    array = decode(b"a" + bytes([0, 0, 1]) + u64(3) + b"\x00\x02\xff")
    tensor = decode(b"x" + u32(0) + bytes([0, 0, 1]) + u64(3) + b"\x00\x02\xff")
    scalar = decode(b"g\x00\xff")
    assert array.view(np.uint8).tolist() == [0, 1, 1]
    assert tensor.view(torch.uint8).tolist() == [0, 1, 1]
    assert bytes(np.asarray(scalar).tobytes()) == b"\x01"


def test_decoded_memory_belongs_to_the_value():
    data = bytearray(encode([np.arange(3), torch.arange(3)]))
    array, tensor = decode(data)
    data[:] = bytes(len(data))
    assert array.tolist() == tensor.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut short"),
        (b"i\0\0", "cut short"),
        (b"s" + u32(5) + b"abc", "cut short"),
        (b"s" + u32(1) + b"\xff", "UTF-8"),
        (b"NN", "left over"),
        (b"?", "unknown tag"),
        (b"h" + u64(1), "unknown tag"),
        (b"m" + u64(1), "no mirrors"),
        (b"r" + u32(0), "not come"),
        (b"I" + u32(514) + bytes(514), "4,096 bits"),
        (b"e" + bytes([len(EXCEPTIONS)]) + u32(0), "exception"),
        (b"e\0" + u32(2001) + b"a" * 2001, "too long"),
        (b"/" + u32(2) + b"NNN", "three parts"),
        (b"a" + bytes([len(wire.NUMPY_DTYPES), 0, 0, 0]), "dtype"),
        (b"a" + bytes([0, 2, 0, 0]), "memory order"),
        (b"g" + bytes([99, 0]), "dtype"),
        (b"x" + u32(0) + bytes([99, 0, 0, 0]), "dtype"),
        (b"x" + u32(0) + bytes([4, 1, 0]) + bytes(8), "requires_grad"),
        (b"y" + u32(6) + b"object", "dtype"),
        (b"Y" + u32(4) + b"load", "device"),
        (b"Y" + u32(4) + b"cpu:", "device"),
        (b"Y" + u32(5) + b"cpu:x", "device"),
        (b"Y" + u32(7) + b"cuda:64", "device"),
        (b"Y" + u32(7) + b"cuda:00", "device"),
        (b"Y" + u32(10) + b"torch.load", "device"),
    ],
)
def test_what_breaks_the_contract_is_refused(data, why):
    refused(data, why)


def test_a_tensor_of_a_device_that_is_not_here_comes_on_the_cpu(monkeypatch):
    data = b"x" + u32(6) + b"cuda:0" + bytes([0, 0, 0, 1])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert decode(data).device.type == "cpu"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_tensor_of_a_gpu_comes_on_the_gpu():
    assert around(torch.ones(2, device="cuda")).device.type == "cuda"


# Exceptions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", range(len(EXCEPTIONS)))
def test_every_class_of_the_table_takes_one_string_and_is_its_own_ancestor(index):
    pytest.importorskip("sklearn.exceptions")
    error = exception_class(index)("text")
    assert exception_index(error) == index
    assert error.args == ("text",)


def test_a_name_is_not_looked_up():
    """A class found by the name `eval` ran the sender's code; an index finds only what is in the table."""
    hostile = type("eval", (Exception,), {"__module__": "builtins"})
    assert around(hostile("print('run')")).args == ("eval: print('run')",)
    assert not any(name in EXCEPTIONS for name in ("eval", "exec", "SystemExit", "KeyboardInterrupt"))


def test_a_subclass_comes_as_its_nearest_ancestor_and_says_its_name():
    missing = type("Missing", (KeyError,), {})
    back = around(missing("x"))
    assert type(back) is KeyError and back.args == ("Missing: x",)


def test_library_errors_come_as_themselves():
    assert type(around(np.linalg.LinAlgError("singular"))) is np.linalg.LinAlgError


def test_a_builtin_stands_in_where_a_library_is_not_loaded(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn.exceptions", raising=False)
    assert exception_class(EXCEPTIONS.index("sklearn.exceptions:NotFittedError")) is ValueError


@pytest.mark.parametrize(
    "control",
    [
        StopIteration("x"),
        StopAsyncIteration("x"),
        SystemExit("x"),
        KeyboardInterrupt("x"),
        GeneratorExit("x"),
        ExceptionGroup("x", [ValueError()]),
        BaseExceptionGroup("x", [KeyboardInterrupt()]),
        type("Own", (BaseException,), {})("x"),
        type("Own", (StopIteration,), {})("x"),
    ],
    ids=lambda error: type(error).__mro__[-3].__name__ + "." + type(error).__name__,
)
def test_what_controls_a_program_comes_as_a_runtime_error(control):
    back = around(control)
    assert type(back) is RuntimeError and back.args[0].startswith(type(control).__name__)


def test_messages_are_cut_at_2000_characters():
    assert around(ValueError("x" * 5000)).args == ("x" * 2000,)


def test_a_message_is_what_was_raised_not_its_repr():
    assert exception_message(KeyError("name")) == "name"
    assert exception_message(ValueError("a", 2)) == "('a', 2)"
    assert exception_message(ValueError()) == ""


def test_a_message_that_cannot_be_made_is_none():
    def explode(_):
        raise SystemExit

    bomb = type("Bomb", (ValueError,), {"__str__": explode})
    assert exception_message(bomb(1, 2)) == "Bomb: (its message could not be made: SystemExit)"


# Frames -------------------------------------------------------------------------------------------


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_frames_come_as_they_went(ends):
    channel, theirs = ends
    other = Channel(theirs)
    for parts in ((b"",), (b"one", bytearray(b" two")), (bytes(100_000),)):
        other.send(*parts)
        assert bytes(channel.receive()) == b"".join(parts)


def test_a_frame_that_comes_in_crumbs_is_whole(ends):
    channel, theirs = ends
    frame = u32(5) + b"hello"

    def crumble():
        for byte in frame:
            theirs.send(bytes([byte]))

    thread = threading.Thread(target=crumble)
    thread.start()
    assert bytes(channel.receive()) == b"hello"
    thread.join()


def test_a_large_frame_comes_whole(ends):
    channel, theirs = ends
    data = bytes(range(256)) * 20_000
    thread = threading.Thread(target=Channel(theirs).send, args=(data,))
    thread.start()
    assert channel.receive() == data
    thread.join()


@pytest.mark.parametrize("sent", [b"", b"\5", u32(5), u32(5) + b"hell", u32(MAX_FRAME)])
def test_an_end_inside_a_frame_is_the_end(ends, sent):
    channel, theirs = ends
    theirs.sendall(sent)
    theirs.close()
    with pytest.raises(Closed):
        channel.receive()


@pytest.mark.parametrize("sent", [b"", b"\5", u32(5), u32(5) + b"hell"])
def test_a_frame_that_is_begun_and_never_ended_is_waited_for_only_so_long(ends, sent):
    channel, theirs = ends
    theirs.sendall(sent)
    started = time.monotonic()
    with pytest.raises(Closed):
        Channel(channel.sock, seconds=0.2).receive()
    assert time.monotonic() - started < 5


def test_nor_does_a_frame_in_crumbs_gain_time_by_each_of_them(ends):
    channel, theirs = ends
    theirs.sendall(u32(1_000))
    stop = threading.Event()

    def crumble():
        while not stop.wait(0.01):
            theirs.send(b"x")

    thread = threading.Thread(target=crumble)
    thread.start()
    try:
        with pytest.raises(Closed):
            Channel(channel.sock, seconds=0.3).receive()
    finally:
        stop.set()
        thread.join()


def test_a_frame_that_nobody_reads_is_given_up(ends):
    channel, _ = ends
    with pytest.raises(Closed):
        Channel(channel.sock, seconds=0.2).send(bytes(10_000_000))


def test_more_than_64_mib_announced_is_refused_at_once(ends):
    channel, theirs = ends
    theirs.sendall(u32(MAX_FRAME + 1))
    with pytest.raises(WireError, match="64 MiB"):
        channel.receive()


def test_a_second_frame_out_of_turn_is_refused(ends):
    channel, theirs = ends
    theirs.sendall((u32(1) + b"N") * 2)
    with pytest.raises(WireError, match="more than one frame"):
        channel.receive()


def test_memory_is_taken_for_what_comes_not_for_what_is_announced(ends):
    channel, theirs = ends
    theirs.sendall(u32(MAX_FRAME) + b"little")
    theirs.close()
    tracemalloc.start()
    try:
        with pytest.raises(Closed):
            channel.receive()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 2**20


def test_more_than_64_mib_are_not_sent(ends):
    channel, _ = ends
    with pytest.raises(Unsendable, match="64 MiB"):
        channel.send(bytes(MAX_FRAME), b"N")


def test_a_side_that_is_gone_is_no_error_of_ours(ends):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(Closed):
        channel.send(b"N")


def test_a_connection_that_is_reset_is_closed(ends):
    channel, _ = ends
    channel.close()
    with pytest.raises(Closed):
        channel.receive()


# Where numpy and torch are not ---------------------------------------------------------------------


def test_the_codec_needs_no_library():
    """A student's Python may lack numpy and torch; nothing imports them for values without them."""
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from wire import Unsendable, decode, encode\n"
        "value = {'a': [1, 2.5, None, (b'x', 1j)], (1, 'k'): {1, 2}}\n"
        "assert decode(encode(value)) == value\n"
        "for bad in (object(), {object(): 1}):\n"
        "    try: encode(bad)\n"
        "    except Unsendable: pass\n"
        "    else: raise SystemExit('sent')\n"
        "assert not {'numpy', 'torch'} & set(sys.modules)\n"
    )
    folder = str(wire.__file__).rpartition("/")[0]
    subprocess.run([sys.executable, "-I", "-c", program, folder], check=True)
