"""The outcome as JSON and as a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.verifying.cases import Case
from benchmarks.attacks.judging import Verdict

PROMISES = {
    1: "a test passes only by right values",
    2: "nothing of others can be read or reached",
    3: "no score is changed, nothing stays behind",
    4: "exhaustion and crashes cost only what they broke",
    5: "tampered notebooks gain nothing",
    6: "no output runs in a browser, table or terminal",
}

Found = Mapping[str, Mapping[str, Verdict]]


def in_words(verdict: Verdict) -> str:
    parts = [f"fooled ({', '.join(verdict.fooled)})"] if verdict.fooled else []
    parts += ["leaked"] if verdict.leaked else []
    parts += [f"knocked out ({verdict.knocked_out})"] if verdict.knocked_out else []
    return "; ".join(parts) or "held"


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    every = list(verdicts)
    return {
        "attacks": len(every),
        "fooled": sum(bool(v.fooled) for v in every),
        "leaked": sum(v.leaked for v in every),
        "knocked_out": sum(bool(v.knocked_out) for v in every),
        "succeeded": sum(v.succeeded for v in every),
    }


def summary(cases: Sequence[Case], found: Found, tier: str) -> dict[str, Any]:
    return {
        "tier": tier,
        "tools": {
            tool: {"total": counts(verdicts.values()), "by_promise": _by_promise(cases, verdicts)}
            for tool, verdicts in found.items()
        },
        "cases": {
            case.name: {
                "promise": case.promise,
                **{tool: in_words(verdicts[case.name]) for tool, verdicts in found.items()},
            }
            for case in cases
        },
    }


def _by_promise(cases: Sequence[Case], verdicts: Mapping[str, Verdict]) -> dict[str, dict[str, int]]:
    return {
        str(promise): counts(verdicts[case.name] for case in cases if case.promise == promise)
        for promise in PROMISES
        if any(case.promise == promise for case in cases)
    }


def markdown(cases: Sequence[Case], found: Found, tier: str) -> str:
    lines = ["| promise | attacks | " + " | ".join(found) + " |", "|---|---:|" + "---:|" * len(found)]
    for promise, words in PROMISES.items():
        chosen = [case.name for case in cases if case.promise == promise]
        if chosen:
            lines.append(_line(f"{promise}: {words}", chosen, found))
    lines.append(_line("all", [case.name for case in cases], found))
    kinds = "In each column: fooled / leaked / knocked out, and in brackets attacks that got anything."
    return "\n".join([*lines, "", kinds, f"The jail of autograder: {tier}" if tier else ""]).rstrip()


def _line(title: str, names: Sequence[str], found: Found) -> str:
    cells = []
    for verdicts in found.values():
        got = counts(verdicts[name] for name in names)
        cells.append(f"{got['fooled']} / {got['leaked']} / {got['knocked_out']} ({got['succeeded']})")
    return f"| {title} | {len(names)} | " + " | ".join(cells) + " |"
