"""Commands that save the installation and bring it back."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask

from registry.backup.archive import DamagedArchive
from registry.backup.restoring import NotEmpty, RestoreFailed, restore_backup
from registry.backup.writing import key_mark, write_backup
from registry.cli.environment import with_app
from registry.config import Config

FAILED, USAGE, BROKEN = 1, 2, 3
KEY_APART = (
    "the secret key is not in the file: keep MUSUBI_SECRET_KEY apart; "
    "without it passwords and second factors have to be set anew"
)
OTHER_KEY = (
    "the secret key is another one: passwords and second factors have to be set anew "
    "(registry user link EMAIL makes a link for it)"
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_app
def backup(app: Flask, file: Path) -> None:
    """Save database and files of one moment in FILE (mode 0600), while the registry is in use.

    FILE must not exist. It can be restored on SQLite and on PostgreSQL.
    """
    try:
        manifest = write_backup(file)
    except FileExistsError:
        _stop(f"there is a file {file} already; nothing was changed", USAGE)
    except OSError as error:
        _stop(str(error), BROKEN)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    files = sum(name.startswith("files/") for name in manifest["members"])
    click.echo(f"backup: {rows} rows, {files} files, {file.stat().st_size} bytes", err=True)
    config: Config = app.extensions["musubi_config"]
    if not config.demo:
        click.echo(f"backup: {KEY_APART}", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_app
def restore(app: Flask, file: Path) -> None:
    """Bring a backup back into an empty MUSUBI_DATA or DATABASE_URL.

    Exit code 1: the file is damaged; 3: there is something already. Either way nothing is changed.
    """
    config: Config = app.extensions["musubi_config"]
    try:
        manifest = restore_backup(file)
    except DamagedArchive as error:
        _stop(str(error), FAILED)
    except NotEmpty as error:
        _stop(f"{error}; a backup is restored into an empty installation only", BROKEN)
    except RestoreFailed as error:
        _stop(f"restored, but not equal: {error}", FAILED)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    click.echo(f"restore: {rows} rows as of {manifest['made_at']}", err=True)
    if manifest["key_mark"] != key_mark(config) and not manifest["demo"]:
        click.echo(f"restore: {OTHER_KEY}", err=True)


def _stop(text: str, code: int) -> NoReturn:
    click.echo(f"registry: {text}", err=True)
    sys.exit(code)


COMMANDS = (backup, restore)
