"""The command that loads the demo and shows its accounts."""

import os
import sys

import click
import flask_migrate

from registry import config
from registry.app import create_app
from registry.common import calendar
from registry.demo.accounts import Account
from registry.demo.loader import Occupied, Outcome, load

BROKEN = 3
WORDS = {
    Outcome.LOADED: "demo: loaded",
    Outcome.PRESENT: "demo: loaded already, nothing changed",
    Outcome.NEW_PASSWORDS: "demo: loaded already; its file of accounts was missing, new passwords",
}


@click.command()
@click.option("--seed", type=int, default=0, show_default=True, help="Other ids for another seed.")
def demo(seed: int) -> None:
    """Load the demo once and print its accounts.

    Loading makes an installation a demo: its key is made and kept as for MUSUBI_DEMO=1.
    """
    settings = config.load({**os.environ, "MUSUBI_DEMO": "1"})
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        try:
            outcome, accounts = load(settings.data, today=calendar.today(), seed=seed)
        except Occupied:
            click.echo(
                "demo: this database holds other records; the demo needs an empty one", err=True
            )
            sys.exit(BROKEN)
    click.echo(WORDS[outcome], err=True)
    click.echo(table(accounts))


def table(accounts: list[Account]) -> str:
    """The accounts in columns; organizations come last, as their names have no fixed width."""
    rows = [("email", "password", "role", "organization")]
    rows += [(a.email, a.password, a.role, a.organization) for a in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(row[n].ljust(widths[n]) for n in range(3)), row[3]]).rstrip() for row in rows
    ]
    return "\n".join(lines)


COMMANDS = (demo,)
