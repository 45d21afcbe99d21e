"""Commands that show and check."""

import json
import sys
from pathlib import Path

import click
from flask import Flask

from registry.attachments.queries import all_digests
from registry.attachments.storage import is_whole
from registry.audit.queries import verify as verify_chain
from registry.canonical import dump_lines
from registry.cli.environment import out_option, with_app, write
from registry.doctor import examine
from registry.web.access import route_table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_app
def routes(app: Flask, as_json: bool) -> None:
    """List every route with the permission it asks for."""
    table = route_table(app)
    if as_json:
        click.echo(json.dumps(table, ensure_ascii=False, indent=1))
        return
    for row in table:
        click.echo(f"{row['method']:6} {row['rule']:60} {row['access']}")


@click.command()
@click.option("--canonical", is_flag=True, required=True, help="Sorted JSON Lines.")
@click.option(
    "--all", "everything", is_flag=True, help="Audit, sessions and technical columns too."
)
@out_option
@with_app
def dump(_app: Flask, canonical: bool, everything: bool, out: Path | None) -> None:
    """Print the state of the database as sorted JSON Lines."""
    write("".join(line + "\n" for line in dump_lines(everything=everything)), out)


@click.command()
@with_app
def verify(_app: Flask) -> None:
    """Check the hash chain of the audit log, and that every file holds what it held when it came."""
    verdict = verify_chain()
    if verdict.bad_position is not None:
        click.echo(f"entry {verdict.bad_position}: {verdict.reason}")
    damaged = {name: digest for digest, name in all_digests().items() if not is_whole(digest)}
    for name, digest in sorted(damaged.items()):
        click.echo(f"file {digest} ({name}): missing or changed")
    if verdict.bad_position is not None or damaged:
        sys.exit(1)
    click.echo(f"ok: {verdict.entries} entries")


@click.command()
@click.option("--deploy", is_flag=True, help="Also what a public installation needs.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_app
def doctor(app: Flask, deploy: bool, as_json: bool) -> None:
    """Examine this installation."""
    findings = examine(app, deploy=deploy)
    if as_json:
        click.echo(json.dumps([f.__dict__ for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.id}: {finding.text}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


COMMANDS = (routes, dump, verify, doctor)
