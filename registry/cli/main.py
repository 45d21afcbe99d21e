"""The group of commands and what they share."""

import sys
from typing import Any

import click

from registry.cli import (
    checking,
    demo,
    exchanging,
    keeping,
    learning,
    matching,
    people,
    reporting,
    serving,
    tokens,
)
from registry.config import BadConfig

ENVIRONMENT_BROKEN = 3


class Group(click.Group):
    """Commands whose broken environment ends with exit code 3 and one clear line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadConfig as error:
            click.echo(f"registry: {error}", err=True)
            sys.exit(ENVIRONMENT_BROKEN)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Musubi: the registry of an industrial-promotion office."""


for command in (
    *serving.COMMANDS,
    *demo.COMMANDS,
    *matching.COMMANDS,
    *learning.COMMANDS,
    *checking.COMMANDS,
    *people.COMMANDS,
    *reporting.COMMANDS,
    *exchanging.COMMANDS,
    *keeping.COMMANDS,
    *tokens.COMMANDS,
):
    main.add_command(command)
