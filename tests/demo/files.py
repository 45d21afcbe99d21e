"""Reads the demo's data files as the tests see them: rows of text by column."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "registry" / "demo" / "data"


@cache
def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def by_key(name):
    return {row["key"]: row for row in rows(name)}


def split(cell):
    return [part for part in cell.split(";") if part]


def order(value):
    """A sortable day: fixed dates before relative ones."""
    return (1, int(value)) if value[0] in "+-" else (0, int(value.replace("-", "")))
