"""Commands that print reports."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from registry.cli.environment import out_option, with_app, write
from registry.common.calendar import Month, today
from registry.common.dates import DateProblem
from registry.common.errors import DomainError, NotFound
from registry.common.fiscal import FiscalYear, parse_fiscal_year
from registry.common.viewer import SYSTEM
from registry.db import transaction
from registry.reports import closing, files
from registry.reports.monthly import MonthlyReport, build, month_of
from registry.reports.monthly_pdf import monthly_pdf
from registry.reports.standalone import to_html
from registry.reports.yearly import results_of
from registry.reports.yearly_document import yearly_html, yearly_pdf
from registry.reports.yearly_files import yearly_csv, yearly_xlsx
from registry.reports.yearly_page import report_of

USAGE = 2
MAKERS: dict[str, Callable[[MonthlyReport], bytes | str]] = {
    "html": to_html,
    "csv": files.to_csv,
    "xlsx": files.to_xlsx,
    "pdf": monthly_pdf,
}
"""How a report is written, by the name of its format."""
YEARLY: dict[str, Callable[[FiscalYear], bytes | str]] = {
    "csv": lambda year: yearly_csv(results_of(year)),
    "xlsx": lambda year: yearly_xlsx(year, results_of(year)),
    "html": lambda year: yearly_html(year, report_of(year, inside=True)),
    "pdf": lambda year: yearly_pdf(year, report_of(year, inside=True)),
}


@click.group()
def report() -> None:
    """Reports of the office, with the figures that staff see."""


@report.command()
@click.argument("month", metavar="YYYY-MM")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(MAKERS)),
    default="html",
    show_default=True,
)
@click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
@out_option
@with_app
def monthly(app: Flask, month: str, form: str, lang: str, out: Path | None) -> None:
    """The monthly match report: one page that stands alone, CSV or Excel."""
    with app.test_request_context(query_string={"lang": lang}):
        wanted = _month(month)
        if closed := closing.closed_month(wanted):
            write(closing.stored_file(closed, form, lang=lang, inside=True), out)
            return
        write(MAKERS[form](build(wanted, today=today())), out)


@report.command()
@click.argument("year", metavar="YYYY")
@click.option("--format", "form", type=click.Choice(list(YEARLY)), default="csv", show_default=True)
@click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
@out_option
@with_app
def yearly(app: Flask, year: str, form: str, lang: str, out: Path | None) -> None:
    """The yearly results by policy code of a fiscal year: 2016, FY2016 or 平成28年度."""
    with app.test_request_context(query_string={"lang": lang}):
        try:
            wanted = parse_fiscal_year(year)
        except DateProblem:
            click.echo(f"registry: {year!r} is no fiscal year; write it like 2016", err=True)
            sys.exit(USAGE)
        write(YEARLY[form](wanted), out)


@click.command("close-month")
@click.argument("month", metavar="YYYY-MM")
@with_app
def close_month(app: Flask, month: str) -> None:
    """Close a month: its report is stored and never changes again."""
    wanted = _month(month)
    with app.test_request_context(), transaction():
        try:
            closing.close_month(wanted, today=today(), viewer=SYSTEM)
        except DomainError as error:
            click.echo(f"registry: {error}", err=True)
            sys.exit(1)
    click.echo(f"{wanted} is closed", err=True)


def _month(text: str) -> Month:
    try:
        month = month_of(text)
    except NotFound:
        click.echo(f"registry: {text!r} is no month; write it like 2026-10", err=True)
        sys.exit(USAGE)
    if month.start > today():
        click.echo(f"registry: {month} has not begun yet", err=True)
        sys.exit(USAGE)
    return month


COMMANDS = (report, close_month)
