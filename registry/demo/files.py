"""Reading the demo's data files: rows of text by column, and the values in their cells."""

import csv
import io
from datetime import date, timedelta
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file, in its order."""
    path = files("registry.demo").joinpath("data", f"{name}.csv")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def split(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return [part for part in cell.split(";") if part]


def whole(cell: str) -> int | None:
    """A number, or None for an empty cell."""
    return int(cell) if cell else None


def day(cell: str, today: date) -> date | None:
    """A fixed day, or -N / +N days from today; None for an empty cell."""
    if not cell:
        return None
    if cell[0] in "+-":
        return today + timedelta(days=int(cell))
    return date.fromisoformat(cell)


def is_yes(cell: str) -> bool:
    """Whether a cell says yes."""
    return cell == "yes"
