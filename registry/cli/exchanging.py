"""Commands that take tables in and give them out."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_babel import force_locale

from registry.cli.environment import out_option, with_app, write
from registry.cli.matching import Bar
from registry.common.calendar import today
from registry.common.errors import DomainError
from registry.common.viewer import SYSTEM
from registry.db import transaction
from registry.exchange import export as exporting
from registry.exchange import verdicts as words
from registry.exchange.catalogue import KINDS, get_kind
from registry.exchange.columns import Context
from registry.exchange.machine_reading import is_machine
from registry.exchange.opening import open_file
from registry.exchange.report import to_text
from registry.exchange.service import RowsRefused, import_directly
from registry.exchange.verdicts import Verdict
from registry.formats.table import FileProblem

REFUSED, USAGE = 1, 2
lang_option = click.option(
    "--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True
)
kind_argument = click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
Rest = {"stop": "", "new": "new", "skip": "skip"}


@click.command("import", help=f"Take a table in; KIND is one of {', '.join(KINDS)}.")
@kind_argument
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would become of each row; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option(
    "--doubtful",
    type=click.Choice(list(Rest)),
    default="stop",
    show_default=True,
    help="Rows that may mean a record which is there: stop, take as new, or leave out.",
)
@click.option("--sheet", default="", help="Worksheet of a workbook; default: the first with rows.")
@lang_option
@out_option
@with_app
def import_table(
    app: Flask,
    kind: str,
    file: Path,
    dry_run: bool,
    as_json: bool,
    doubtful: str,
    sheet: str,
    lang: str,
    out: Path | None,
) -> None:
    """Take a table in: all its rows, or none. Exit code 1 when rows are wrong or doubtful."""
    data = file.read_bytes()
    with force_locale(lang), Bar("import") as bar:
        context = Context(SYSTEM, today(), dry=dry_run, rest=Rest[doubtful], progress=bar)
        try:
            _announce(kind, data, sheet)
            found, done = _import(kind, file.name, data, context, sheet)
        except DomainError as refusal:
            click.echo(f"registry import: {refusal.message}", err=True)
            sys.exit(REFUSED)
        counts = words.counts(found)
        report = _as_json(kind, file, found, counts, done) if as_json else to_text(found, counts)
    write(report, out)
    stopped = counts[words.ERROR] or counts[words.DUPLICATE]
    click.echo(_summary(counts, done=done), err=True)
    sys.exit(REFUSED if stopped else 0)


def _import(
    kind: str, name: str, data: bytes, context: Context, sheet: str
) -> tuple[list[Verdict], bool]:
    """The verdicts, and whether the rows were imported."""
    try:
        with transaction():
            _run, found = import_directly(
                get_kind(kind), name=name, data=data, context=context, sheet=sheet
            )
    except RowsRefused as refused:
        return refused.found, False
    return found, True


def _announce(kind: str, data: bytes, sheet: str) -> None:
    """Say on stderr how the file is read: encoding, header, five rows, what is left out."""
    if is_machine(data):
        return
    opened = open_file(get_kind(kind), data, sheet=sheet)
    click.echo(f"{opened.grid.encoding}, header on line {opened.header.line}", err=True)
    for _line, cells in opened.rows[:5]:
        click.echo("  " + " | ".join(cell[:20] for cell in cells[:12]), err=True)
    for skip in opened.skipped:
        click.echo(f"  line {skip.line} left out ({skip.why}): {skip.text}", err=True)
    unknown = [
        cell for n, cell in enumerate(opened.header.cells) if cell and n not in opened.mapping
    ]
    if unknown:
        click.echo("  columns not used: " + ", ".join(unknown), err=True)


def _as_json(
    kind: str, file: Path, found: list[Verdict], counts: dict[str, int], done: bool
) -> str:
    report: dict[str, Any] = {
        "kind": kind,
        "file": file.name,
        "imported": done,
        "counts": counts,
        "rows": [words.as_record(v) for v in found if v.verdict != words.UNCHANGED],
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _summary(counts: dict[str, int], *, done: bool) -> str:
    figures = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no rows"
    return f"import: {figures}" + ("" if done else " (nothing was changed)")


@click.command("export", help=f"Give a table out; KIND is one of {', '.join(KINDS)}.")
@kind_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(list(exporting.MIME)),
    default="csv",
    show_default=True,
    help="json is lossless: imported again, nothing changes.",
)
@lang_option
@out_option
@with_app
def export_table(app: Flask, kind: str, form: str, lang: str, out: Path | None) -> None:
    """Give all records of a kind out."""
    with app.test_request_context(query_string={"lang": lang}):
        asked = {"state": "all"} if kind in ("listings", "cases") else {}
        try:
            write(exporting.to_file(get_kind(kind), SYSTEM, asked, form, locale=lang), out)
        except FileProblem:
            lost = exporting.lost_in_cp932(exporting.export(get_kind(kind), SYSTEM, asked))
            for cell in lost:
                click.echo(f"row {cell.row}, {cell.column}: {cell.characters}", err=True)
            click.echo(f"registry export: CP932 cannot hold {len(lost)} cells", err=True)
            sys.exit(REFUSED)


COMMANDS = (import_table, export_table)
