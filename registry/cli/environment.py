"""What commands share: the app of this environment, and output to a file or the screen."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from registry.app import create_app

out_option = click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."
)


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the app as its first argument, inside its context."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        app: Flask = create_app()
        with app.app_context():
            return command(app, *args, **kwargs)

    return run


def write(data: bytes | str, out: Path | None) -> None:
    """Results go to the file asked for, else to the screen."""
    raw = data.encode() if isinstance(data, str) else data
    if out:
        out.write_bytes(raw)
    else:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
