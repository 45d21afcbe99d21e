"""The yearly results as one HTML file that needs no server, and as PDF."""

from flask import render_template
from flask_babel import gettext as _

from registry.common.calendar import today
from registry.common.fiscal import FiscalYear
from registry.formats.pdf import (
    Block,
    Document,
    Heading,
    Paragraph,
    Part,
    PdfColumn,
    PdfTable,
    Picture,
    Points,
    to_pdf,
)
from registry.office.settings import office
from registry.policy.labels import REMARK_KINDS
from registry.reports.monthly_pdf import parts_of
from registry.reports.standalone import SHEETS, _sheet
from registry.reports.yearly_page import MeasureGroup, Strategy
from registry.reports.yearly_sentences import sentence
from registry.web.i18n import day, locale


def yearly_html(year: FiscalYear, groups: list[MeasureGroup]) -> str:
    """The whole page with its styles inside. Needs a request's context for the language."""
    return render_template(
        "reports/yearly_standalone.html",
        year=year,
        groups=groups,
        office=office(),
        today=today(),
        css="\n".join(_sheet(name) for name in SHEETS),
        print_css=_sheet("print"),
    )


def yearly_pdf(year: FiscalYear, groups: list[MeasureGroup]) -> bytes:
    """The same as PDF/UA, in the language in force. Raises MissingGlyph."""
    where = office()
    name = f"{where.name} {where.section}"
    title = _("%(year)sの成果", year=year.label(locale()))
    blocks: list[Block] = []
    for group in groups:
        blocks += _measure(group)
    blocks.append(Paragraph((Part(how_counted()),)))
    return to_pdf(
        Document(
            title=title,
            office=name,
            running=f"{title}　{name}",
            made=_("%(day)s現在の記録から", day=day(today())),
            lang=locale(),
            cover=False,
            blocks=tuple(blocks),
        )
    )


def how_counted() -> str:
    """How the figures are counted, said under every form of the report."""
    return _(
        "数え方　「延べ」は回数、「実数」は同じ相手を年度に 1 度、「うち」は上の数の一部です。数は、結びの記録から数えたものと、手で報告されたものがあります。「例示」の付いた数は、見本の記録を含みます。画面・CSV・Excel は同じ集計から作られ、値は一致します。"
    )


def _measure(group: MeasureGroup) -> list[Block]:
    blocks: list[Block] = [Heading(f"{group.code}　{group.title}")]
    if group.chart:
        blocks.append(Picture(str(group.chart), group.chart_title))
    if group.trend:
        blocks.append(Picture(str(group.trend.svg), group.trend.title))
    for strategy in group.strategies:
        blocks += _strategy(strategy)
    return blocks


def _strategy(strategy: Strategy) -> list[Block]:
    blocks: list[Block] = [Heading(f"{strategy.code}　{strategy.title}", level=2)]
    if strategy.lines:
        told = tuple(parts_of(sentence(line.result)) for line in strategy.lines)
        blocks += [
            Points(told),
            PdfTable(
                columns=(
                    PdfColumn(_("指標")),
                    PdfColumn(_("期間"), narrow=True),
                    PdfColumn(_("目標"), num=True),
                    PdfColumn(_("実績"), num=True),
                    PdfColumn(_("増減"), num=True),
                    PdfColumn(_("出典"), narrow=True),
                ),
                rows=tuple(
                    (
                        line.label + (_("（例示）") if line.result.illustrative else ""),
                        line.result.period.label,
                        line.target,
                        line.actual,
                        line.change,
                        line.result.source,
                    )
                    for line in strategy.lines
                ),
            ),
        ]
    for remark in strategy.remarks:
        blocks.append(
            Paragraph((Part(f"{REMARK_KINDS[remark.kind]}　", strong=True), Part(remark.body)))
        )
        if remark.feedback:
            blocks.append(Paragraph((Part(_("反映") + "　", strong=True), Part(remark.feedback))))
    return blocks
