"""Which answers of a class are alike: tokens without names, comments and layout, template lines taken out.

A pair that is alike is no proof of anything. Many right answers to a short question are the same, so each
one is shown with the share of the class that wrote it.
"""

from __future__ import annotations

import builtins
import heapq
import io
import keyword
import re
import tokenize
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.answers import Question, questions_of, read_answers
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError

FEWEST_TOKENS = 20  # of an answer: those that are shorter are alike by chance
MOST_TOKENS = 2_000  # that are compared, so that one huge answer cannot hold up the others
LEAST = 80.0  # percent: below that nothing is shown
BLOCK = 256  # answers compared with all others at once
_MOST_CHARACTERS = 200_000
_COMMON_SHARE, _COMMON_COUNT = 0.1, 5
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_WITHOUT_MEANING = (
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING, tokenize.ENDMARKER),
    *(tokenize.INDENT, tokenize.DEDENT),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Students whose answers have the same tokens. `share` is theirs of all who answered the question."""

    students: tuple[str, ...]
    tokens: int
    share: float

    @property
    def is_common(self) -> bool:
        """Whether so many wrote it that it says nothing about any two of them."""
        return len(self.students) >= _COMMON_COUNT and self.share >= _COMMON_SHARE


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups whose answers differ by little: `score` in percent."""

    score: float
    one: Group
    other: Group


@dataclass(frozen=True, slots=True)
class Similar:
    """What is alike among the answers to one question: the same tokens, and nearly the same."""

    question: str
    answered: int
    compared: int
    same: tuple[Group, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(slots=True)
class _Class:
    """The answers to one question, as tokens, one character each."""

    question: Question
    answered: int = 0
    students: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def similarities(course: Course, name: str, top: int) -> list[Similar]:
    """By question, the `top` closest pairs and the largest groups of equal answers. Raises UsageError."""
    assignment = Assignment.load(course, name)
    if not course.students_submitted(name):
        raise UsageError(f"nobody has handed in {name!r}; put submissions into submitted/STUDENT/{name}/")
    classes = {question.name: _Class(question) for question in questions_of(assignment)}
    for answers in read_answers(course, assignment, course.settings.for_assignment(name).limits):
        for place, text in answers.texts.items():
            of = classes[place]
            of.answered += 1
            tokens = tokens_of(text, of.question)
            if len(tokens) >= FEWEST_TOKENS:
                of.students[tokens].append(answers.student)
    return [_similar(of, top) for of in classes.values()]


def tokens_of(text: str, question: Question) -> str:
    """The answer as one character a token, without the lines that the template has as well."""
    given = Counter(line.strip() for line in question.template.splitlines() if line.strip())
    lines = text[:_MOST_CHARACTERS].splitlines()
    own = {number for number, line in enumerate(lines, 1) if not _is_given(line, given)}
    words = _python(lines, own) if question.is_code else None
    if words is None:  # prose, another language, or code that is no Python
        words = re.findall(r"\w+|[^\w\s]", "\n".join(lines[n - 1] for n in sorted(own)).casefold())
    return "".join(_letter(word) for word in words[:MOST_TOKENS])


def _is_given(line: str, given: Counter[str]) -> bool:
    """Whether the template has the line, as often as it was seen so far."""
    stripped = line.strip()
    if not given[stripped]:
        return False
    given[stripped] -= 1
    return True


def _python(lines: Sequence[str], own: set[int]) -> list[str] | None:
    words = []
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.type in _WITHOUT_MEANING:
                continue
            if token.type == tokenize.ERRORTOKEN and not token.string.isspace():
                return None
            if token.start[0] in own:
                words.append(_word(token, before))
            before = token.string
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return words


def _word(token: tokenize.TokenInfo, before: str) -> str:
    """A token with what a copyist changes taken out: names that were made up, the text of strings."""
    if token.type == tokenize.NAME and token.string not in _KEPT and before != ".":
        return "name"
    return "string" if "STRING" in tokenize.tok_name[token.type] else token.string


def _letter(word: str) -> str:
    """A character for a word, the same one in every answer; two words share one once in a million."""
    code = zlib.crc32(word.encode("utf-8", "surrogatepass")) % 0x10F000
    return chr(code if code < 0xD800 else code + 0x800)


def _similar(of: _Class, top: int) -> Similar:
    groups = [
        Group(tuple(students), len(tokens), len(students) / of.answered)
        for tokens, students in of.students.items()
    ]
    same = heapq.nlargest(
        top, (g for g in groups if len(g.students) > 1), key=lambda g: (g.tokens, g.students)
    )
    pairs = (Pair(score, groups[one], groups[other]) for score, one, other in _close(list(of.students), top))
    closest = heapq.nlargest(top, pairs, key=lambda p: (p.score, p.one.tokens, p.one.students))
    compared = sum(len(group.students) for group in groups)
    return Similar(of.question.name, of.answered, compared, tuple(same), tuple(closest))


def _close(answers: Sequence[str], top: int) -> Iterator[tuple[float, int, int]]:
    """Score and positions of pairs that are alike, the closest of each block of the matrix."""
    import numpy as np
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    for start in range(0, len(answers), BLOCK):
        rows, rest = answers[start : start + BLOCK], answers[start:]
        scores = cdist(rows, rest, scorer=ratio, score_cutoff=LEAST, dtype=np.float32, workers=-1)
        scores = np.triu(scores, 1).ravel()  # a pair once, and nobody with himself
        best = np.argpartition(scores, -top)[-top:] if scores.size > top else np.arange(scores.size)
        for place in best[scores[best] > 0]:
            one, other = divmod(int(place), len(rest))
            yield float(scores[place]), start + one, start + other
