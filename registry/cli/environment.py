"""What commands share: the app of this environment, and output to a file or the screen."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from registry import config
from registry.app import create_app

out_option = click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."
)


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the app as its first argument, inside its context."""
    return _wrapped(command, serving=False)


def with_serving_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for commands that serve pages or make signed links: the secret key must be set."""
    return _wrapped(command, serving=True)


def _wrapped(command: Callable[..., Any], *, serving: bool) -> Callable[..., Any]:
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        app: Flask = create_app(config.load(os.environ, serving=serving))
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
