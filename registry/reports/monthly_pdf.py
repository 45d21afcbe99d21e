"""The monthly report as the office's document: cover with the month's sentences, then its tables."""

import re

from flask_babel import gettext as _

from registry.common.calendar import today
from registry.formats.pdf import (
    Block,
    Document,
    Figures,
    Heading,
    LargeFigure,
    Paragraph,
    Part,
    Parts,
    PdfColumn,
    PdfTable,
    Picture,
    to_pdf,
)
from registry.office.settings import office
from registry.reports.monthly import MonthlyReport
from registry.reports.presentation import page_of
from registry.reports.sentences import BEGIN, END, lead
from registry.reports.tables import Figure, Line, ReportTable, Value
from registry.web.i18n import day, locale, number

_MARKED = re.compile(f"{BEGIN}(.*?){END}")


def monthly_pdf(report: MonthlyReport) -> bytes:
    """The report as PDF/UA in the language in force. Raises MissingGlyph."""
    return to_pdf(monthly_document(report))


def monthly_document(report: MonthlyReport) -> Document:
    """The document of a report; its tables are those of screen, CSV and workbook."""
    page, where = page_of(report), office()
    name = f"{where.name} {where.section}"
    return Document(
        title=page.title,
        office=name,
        subtitle=page.scope,
        running=f"{page.title}　{name}",
        made=_("確定　%(day)s", day=day(today()))
        if report.is_final
        else _("締め前　%(day)s現在の記録から", day=day(today())),
        lang=locale(),
        cover=True,
        lead=tuple(parts_of(paragraph) for paragraph in lead(report)),
        blocks=tuple(_blocks(report)),
    )


def parts_of(text: str) -> Parts:
    """A sentence with marked figures as pieces, the figures strong."""
    found = []
    for place, piece in enumerate(_MARKED.split(text)):
        if piece:
            found.append(Part(piece, strong=place % 2 == 1))
    return tuple(found)


def _blocks(report: MonthlyReport) -> list[Block]:
    page = page_of(report)
    tables = page.tables
    chief = tuple(LargeFigure(c["label"], c["value"], c["unit"], c["note"]) for c in page.chief)
    blocks: list[Block] = [Heading(_("この月のあらまし")), Figures(chief)]
    blocks.append(table_block(tables["summary"]))
    blocks += [Heading(_("1　候補から事業化まで")), table_block(tables["funnel"])]
    blocks.append(Heading(_("2　13 か月の動き")))
    if page.trend:
        blocks.append(Picture(str(page.trend), tables["trend"].title))
    blocks.append(table_block(tables["trend"]))
    blocks.append(Heading(_("3　内訳")))
    blocks += [table_block(table, captioned=True) for table in page.breakdowns if table.lines]
    blocks += [Heading(_("4　進行中のマッチング")), table_block(tables["open_cases"])]
    if "effort" in tables:
        blocks += [Heading(_("5　成果までの手間")), table_block(tables["effort"])]
    if "needs" in tables:
        blocks += [Heading(_("6　候補のないニーズ")), table_block(tables["needs"])]
    if "needs_without_candidate" in tables and tables["needs_without_candidate"].lines:
        blocks.append(table_block(tables["needs_without_candidate"]))
    if page.quiet:
        blocks.append(Heading(_("7　候補の出たことのない企業")))
        blocks += [table_block(table, captioned=True) for table in page.quiet]
    if "restatements" in tables:
        blocks += [Heading(_("8　締めた月の訂正")), table_block(tables["restatements"])]
    blocks.append(Paragraph((Part(how_counted()),)))
    return blocks


def how_counted() -> str:
    """How the figures are counted, said under the tables."""
    return _(
        "数え方　派遣は延べ回数で、相談・訪問には含みません。引き合わせは双方が応じた日、成立はその段階に"
        "入った日の属する月に、1 つのマッチングを 1 度だけ数えます。業種と区はニーズを出した企業・団体の"
        "もの、相談・訪問と派遣では最初に挙げた企業・団体のものです。画面・CSV・Excel・PDF は同じ集計から"
        "作られ、値は一致します。"
    )


def table_block(table: ReportTable, *, captioned: bool = False) -> PdfTable:
    """A table of the report for print."""
    columns = [PdfColumn(table.name)]
    if table.extra:
        columns.append(PdfColumn(table.extra, narrow=True))
    columns += [PdfColumn(_heading(figure), num=True) for figure in table.figures]
    if table.by_measure:
        columns.append(PdfColumn(_("単位"), narrow=True))
    return PdfTable(
        columns=tuple(columns),
        rows=tuple(_cells(line, table) for line in table.lines),
        total=_cells(table.total, table) if table.total else None,
        caption=table.title if captioned else "",
        note=table.note,
    )


def _heading(figure: Figure) -> str:
    if locale() == "ja" and figure.unit and not figure.decimal and figure.unit not in figure.label:
        return f"{figure.label}（{figure.unit}）"
    return figure.label


def _cells(line: Line, table: ReportTable) -> tuple[str, ...]:
    cells = ["\u3000" * line.level + line.name]
    if table.extra:
        cells.append(line.extra or ("" if table.total is line else "―"))
    cells += [
        _value(value, figure, table.blank)
        for value, figure in zip(line.values, table.figures, strict=True)
    ]
    if table.by_measure:
        cells.append(line.unit)
    return tuple(cells)


def _value(value: Value, figure: Figure, blank: str) -> str:
    if value is None:
        return blank
    if figure.unit == "%":
        return f"{number(value)}%"
    return f"{number(value)} {figure.unit}" if figure.decimal else number(value)
