"""The report of an import, row by row: as text, and as a workbook with the errors beside the rows."""

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.exchange import verdicts as words
from registry.exchange.columns import Kind
from registry.exchange.opening import Opened
from registry.exchange.verdicts import Verdict
from registry.formats.table import Cell
from registry.formats.xlsx import Column, Sheet, write_workbook


def verdict_label(verdict: str) -> str:
    """What becomes of a row, in words."""
    return {
        words.NEW: _("新規"),
        words.CHANGED: pgettext("verdict", "変更"),
        words.UNCHANGED: _("変更なし"),
        words.DUPLICATE: _("重複の疑い"),
        words.SKIPPED: _("取り込まない"),
        words.ERROR: _("エラー"),
    }[verdict]


def verdict_chip(verdict: str) -> str:
    """The look of a verdict's chip."""
    return {
        words.NEW: "live",
        words.CHANGED: "done",
        words.DUPLICATE: "wait",
        words.ERROR: "late",
    }.get(verdict, "plain")


def column_title(kind: Kind, key: str) -> str:
    """The title of a column; empty for what belongs to the whole row."""
    return next((column.label for column in kind.columns if column.key == key), key)


def why(verdict: Verdict) -> str:
    """All that is told of a row, in one text."""
    parts = [problem.message for problem in verdict.problems]
    parts += [
        _(
            "%(column)s：%(before)s → %(after)s",
            column=column,
            before=before or "―",
            after=after or "―",
        )
        for column, before, after in verdict.changes
    ]
    parts += [
        _("「%(name)s」かもしれません（%(reasons)s）", name=name, reasons=reasons)
        for _id, name, reasons, _word in verdict.candidates
    ]
    parts += [note.message for note in verdict.notes]
    return " ".join(parts)


def to_text(found: list[Verdict], counts: dict[str, int]) -> str:
    """Tab-separated: line, verdict, name, what is told. Unchanged rows are left out."""
    lines = [
        "\t".join((str(v.line), v.verdict, v.label.replace("\t", " "), why(v).replace("\t", " ")))
        for v in found
        if v.verdict != words.UNCHANGED
    ]
    lines.append("\t".join(f"{name}={count}" for name, count in counts.items()))
    return "\n".join(lines) + "\n"


def to_xlsx(opened: Opened, found: list[Verdict]) -> bytes:
    """The rows as they stand in the file, with verdict and what to do before them."""
    told = {verdict.line: verdict for verdict in found}
    width = len(opened.header.cells)
    columns = (
        Column(_("行"), "integer", 8),
        Column(_("判定"), "text", 14),
        Column(_("直すこと"), "text", 60),
        *(Column(cell or _("（見出しなし）")) for cell in opened.header.cells),
    )
    rows: list[tuple[Cell, ...]] = []
    for line, cells in opened.rows:
        verdict = told.get(line)
        padded = [*cells[:width], *[""] * (width - len(cells))]
        rows.append(
            (
                line,
                verdict_label(verdict.verdict) if verdict else "",
                why(verdict) if verdict else "",
                *padded,
            )
        )
    order = {name: place for place, name in enumerate(words.ORDER)}

    def place(row: tuple[Cell, ...]) -> tuple[int, int]:
        line = int(str(row[0]))
        return (order[told[line].verdict] if line in told else len(order), line)

    rows.sort(key=place)
    return write_workbook([Sheet(_("取り込みの判定"), columns, rows)], title=opened.kind.title())
