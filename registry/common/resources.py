"""Code lists that ship with the package, read as rows."""

import csv
from importlib.resources import files


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of `registry/data/<name>`, by column, in the file's order."""
    text = files("registry").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
