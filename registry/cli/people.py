"""Commands about people: make an account, end one."""

import sys
from typing import NoReturn

import click
import flask_babel
from flask import Flask

from registry.accounts import service
from registry.accounts.links import set_password_link
from registry.accounts.queries import user_by_email
from registry.cli.environment import with_app, with_serving_app
from registry.common.errors import DomainError
from registry.common.roles import SIGNED_IN, Role
from registry.common.viewer import SYSTEM
from registry.db import transaction
from registry.web.i18n import LANGUAGES

ROLES = [role.value for role in Role if role in SIGNED_IN]
REFUSED = 1


@click.group()
def user() -> None:
    """Make and end accounts."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person does.")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--locale", type=click.Choice(list(LANGUAGES)), default="ja", help="Language of mails."
)
@click.option("--ask-password", is_flag=True, help="Ask for a password instead of making a link.")
@with_serving_app
def add(app: Flask, email: str, role: str, name: str, locale: str, *, ask_password: bool) -> None:
    """Make an account; prints a link with which its owner sets a password, once, within a day."""
    password = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if ask_password
        else None
    )
    with app.test_request_context(), flask_babel.force_locale("en"):
        try:
            with transaction():
                made = service.create_user(
                    email=email,
                    name=name,
                    role=Role(role),
                    password=password,
                    locale=locale,
                    actor=SYSTEM,
                )
        except DomainError as error:
            _refuse(str(error.message))
        click.echo(f"{made.email} ({made.role})", err=True)
        if password is None:
            click.echo(set_password_link(made))


@user.command()
@click.argument("email")
@with_serving_app
def link(app: Flask, email: str) -> None:
    """Print a link with which the owner of an account sets a password, once, within a day."""
    found = user_by_email(email)
    if found is None or not found.active:
        _refuse(f"no active account has the address {email}")
    with app.test_request_context():
        click.echo(set_password_link(found))


@user.command()
@click.argument("email")
@with_app
def disable(_app: Flask, email: str) -> None:
    """End an account: its sessions and links are dead at once."""
    with transaction():
        found = user_by_email(email)
        if found is None:
            _refuse(f"nobody has the address {email}")
        service.disable_user(found, viewer=SYSTEM)
    click.echo(f"{found.email} is disabled", err=True)


def _refuse(text: str) -> NoReturn:
    click.echo(f"registry: {text}", err=True)
    sys.exit(REFUSED)


COMMANDS = (user,)
