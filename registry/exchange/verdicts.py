"""What became, or would become, of each row of a file. Pure; kept packed with its import."""

import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
DUPLICATE, SKIPPED, ERROR = "duplicate", "skipped", "error"
ORDER = (ERROR, DUPLICATE, CHANGED, NEW, SKIPPED, UNCHANGED)
"""From what needs a person's eye to what needs none."""


@dataclass(slots=True)
class Problem:
    """What is wrong in a row: the column's code, what stands there, and what to do."""

    column: str
    value: str
    message: str


@dataclass(slots=True)
class Verdict:
    """One row: its line in the file, what happens to it, and what it is called.

    `public_id` is the record that exists or was made. `changes` are (column, before, after) in
    words; `candidates` are (public id, name, reasons, verdict) of records that may be meant.
    """

    line: int
    verdict: str
    label: str
    public_id: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    candidates: list[tuple[str, str, str, str]] = field(default_factory=list)


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many rows of each verdict, all of them named."""
    found = Counter(verdict.verdict for verdict in verdicts)
    return {name: found[name] for name in ORDER}


def pack(verdicts: Iterable[Verdict]) -> bytes:
    """The verdicts as stored."""
    rows = [
        [
            v.line,
            v.verdict,
            v.label,
            v.public_id,
            v.changes,
            [[p.column, p.value, p.message] for p in v.problems],
            [[p.column, p.value, p.message] for p in v.notes],
            v.candidates,
        ]
        for v in verdicts
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1)


def unpack(data: bytes | None) -> list[Verdict]:
    """The verdicts that were packed; none for None."""
    rows: list[list[Any]] = json.loads(zlib.decompress(data)) if data else []
    return [
        Verdict(
            row[0],
            row[1],
            row[2],
            row[3],
            [tuple(change) for change in row[4]],
            [Problem(*entry) for entry in row[5]],
            [Problem(*entry) for entry in row[6]],
            [tuple(candidate) for candidate in row[7]],
        )
        for row in rows
    ]


def as_record(verdict: Verdict) -> dict[str, Any]:
    """A verdict for the machine report of the command line."""
    return {
        "line": verdict.line,
        "verdict": verdict.verdict,
        "label": verdict.label,
        "public_id": verdict.public_id or None,
        "changes": [
            {"column": column, "before": before, "after": after}
            for column, before, after in verdict.changes
        ],
        "problems": [
            {"column": p.column, "value": p.value, "message": p.message} for p in verdict.problems
        ],
        "notes": [
            {"column": p.column, "value": p.value, "message": p.message} for p in verdict.notes
        ],
        "candidates": [
            {"public_id": public_id, "name": name, "reasons": reasons, "verdict": word}
            for public_id, name, reasons, word in verdict.candidates
        ],
    }
