"""Commands about API tokens, and the document that describes the API."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import click
import flask_babel
from flask import Flask

from registry.accounts import tokens
from registry.accounts.queries import user_by_email
from registry.accounts.scopes import Scope
from registry.accounts.tokens import TokenWish
from registry.api.document import document_text
from registry.cli.environment import out_option, with_app, write
from registry.common import calendar
from registry.common.errors import DomainError, NotFound
from registry.common.viewer import SYSTEM
from registry.db import transaction

REFUSED = 1


@click.group()
def token() -> None:
    """Make, list and end API tokens."""


@token.command()
@click.argument("email")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it opens; repeat for several.",
)
@click.option("--name", default="registry token create", help="What it is for.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@with_app
def create(app: Flask, email: str, scopes: tuple[str, ...], name: str, days: int) -> None:
    """Make a token for an account; prints its key once."""
    today = calendar.today()
    wish = TokenWish(name, tuple(map(Scope, scopes)), today + timedelta(days=days))
    with app.test_request_context(), flask_babel.force_locale("en"):
        try:
            with transaction():
                owner = user_by_email(email)
                if owner is None or not owner.active:
                    _refuse(f"no active account has the address {email}")
                made, key = tokens.create_token(owner, wish, today=today, viewer=SYSTEM)
                told = f"{made.public_id} until {made.expires_on}"
        except DomainError as error:
            _refuse(str(error.message))
    click.echo(told, err=True)
    click.echo(key)


@token.command(name="list")
@click.argument("email", required=False)
@with_app
def list_(_app: Flask, email: str | None) -> None:
    """Tokens of an account, or all: id, beginning, owner, scopes, last day, last use, state."""
    owner = user_by_email(email) if email else None
    if email and owner is None:
        _refuse(f"nobody has the address {email}")
    today = calendar.today()
    for row in tokens.tokens_of(owner):
        used = row.last_used_at.isoformat(timespec="minutes") if row.last_used_at else "never"
        state = "live" if row.is_live(today) else "ended"
        shown = (row.public_id, row.prefix, row.user.email, ",".join(row.scopes))
        click.echo("\t".join((*shown, row.expires_on.isoformat(), used, state)))


@token.command()
@click.argument("public_id", metavar="ID")
@with_app
def revoke(_app: Flask, public_id: str) -> None:
    """End a token: it opens nothing from the next request on."""
    try:
        with transaction():
            tokens.revoke_token(tokens.get_token(public_id, SYSTEM), viewer=SYSTEM)
    except NotFound:
        _refuse(f"no token has the id {public_id}")
    click.echo(f"{public_id} is revoked", err=True)


@click.command()
@out_option
def openapi(out: Path | None) -> None:
    """Print the OpenAPI 3.1 document of the API."""
    write(document_text(), out)


def _refuse(text: str) -> NoReturn:
    click.echo(f"registry: {text}", err=True)
    sys.exit(REFUSED)


COMMANDS = (token, openapi)
