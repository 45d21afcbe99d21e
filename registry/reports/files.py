"""The monthly report as files: CSV and Excel from the tables that the screen shows."""

from flask_babel import gettext as _

from registry.formats.csv import write_csv
from registry.formats.table import Cell
from registry.formats.xlsx import Chart, Column, Sheet, write_workbook
from registry.office.settings import office
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import month_label
from registry.reports.sections import rows, tables
from registry.reports.sentences import lead, plain
from registry.reports.tables import Line, ReportRow, ReportTable, Value
from registry.reports.titles import scope, title

HEADER = ("section", "group", "measure", "label", "unit", "value")


def file_name(report: MonthlyReport, extension: str) -> str:
    """The name under which a browser stores it: monthly-2026-10.csv."""
    return f"monthly-{report.month}.{extension}"


def to_csv(report: MonthlyReport) -> bytes:
    """section,group,measure,label,unit,value in UTF-8 with a mark; figures plain, a withheld or
    missing one empty."""
    return write_csv(HEADER, (_cells(row) for row in rows(report)))


def to_xlsx(report: MonthlyReport) -> bytes:
    """A sheet for each section, with charts of the funnel and of the trend, and last one with
    exactly the rows of the CSV."""
    where = office()
    heading = (title(report.month), f"{where.name} {where.section}\u2003{scope(report)}")
    sheets = [_sheet(table, report, heading) for table in tables(report)]
    everything = Sheet(
        name=_("全数値"),
        columns=tuple(
            Column(name, "number" if name == "value" else "text", width)
            for name, width in zip(HEADER, (24, 40, 22, 48, 8, 10), strict=True)
        ),
        rows=[_cells(row) for row in rows(report)],
    )
    return write_workbook(
        [*sheets, everything], title=heading[0], author=f"{where.name} {where.section}"
    )


def _cells(row: ReportRow) -> tuple[Cell, ...]:
    return (row.section, row.group, row.measure, row.label, row.unit, row.value)


def _sheet(table: ReportTable, report: MonthlyReport, heading: tuple[str, ...]) -> Sheet:
    notes = [*heading, table.title]
    if table.code == "summary":
        notes.extend(plain(paragraph) for paragraph in lead(report))
    if table.note:
        notes.append(table.note)
    beside = (Column(table.extra),) if table.extra else ()
    units = (Column(_("単位")),) if table.by_measure else ()
    columns = (
        Column(table.name),
        *beside,
        *(
            Column(
                f.label
                if f.unit in f.label
                else _("%(label)s（%(count)s）", label=f.label, count=f.unit),
                "number",
                16,
            )
            for f in table.figures
        ),
        *units,
    )
    return Sheet(
        name=table.title,
        columns=columns,
        rows=[_row(line, table) for line in table.lines],
        totals=_row(table.total, table) if table.total else None,
        charts=_charts(table, report, first=1 + len(beside)),
        notes=tuple(notes),
    )


def _row(line: Line, table: ReportTable) -> tuple[Cell, ...]:
    beside = (line.extra,) if table.extra else ()
    units = (line.unit,) if table.by_measure else ()
    values: tuple[Value | str, ...] = tuple(
        table.blank if value is None else value for value in line.values
    )
    return (line.name, *beside, *values, *units)


def _charts(table: ReportTable, report: MonthlyReport, *, first: int) -> tuple[Chart, ...]:
    if table.code == "funnel":
        name = _("%(month)sの候補から事業化まで", month=month_label(report.month))
        return (Chart("bar", name, categories=0, series=(first,)),)
    if table.code == "trend":
        series = tuple(range(first, first + len(table.figures)))
        return (Chart("line", table.title, categories=0, series=series),)
    return ()
