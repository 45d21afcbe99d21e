"""Commands that set up, serve and work."""

import threading
import time

import click
import flask_migrate
import structlog
import waitress
from flask import Flask

from registry.cli.environment import with_app, with_serving_app
from registry.cli.revising import complete
from registry.config import Config
from registry.suggestions.readiness import warm
from registry.worker import run_once

log = structlog.get_logger()


@click.command()
@with_app
def upgrade(_app: Flask) -> None:
    """Bring the database to the newest migration."""
    flask_migrate.upgrade()


@click.command()
@click.argument("message")
@with_app
def revision(app: Flask, message: str) -> None:
    """Write a new migration from the difference between models and database.

    The database must be an SQLite one at the newest migration.
    """
    app.extensions["migrate"].configure_args["process_revision_directives"] = complete
    flask_migrate.revision(message=message, autogenerate=True)


@click.command()
@click.option("--with-worker/--without-worker", default=True, help="Run the worker beside.")
@with_serving_app
def serve(app: Flask, with_worker: bool) -> None:
    """Serve the pages, with the worker beside."""
    config: Config = app.extensions["musubi_config"]
    if with_worker:
        threading.Thread(target=_work, args=(app, None), daemon=True, name="worker").start()
    warm(app)
    click.echo(f"Musubi: http://{config.host}:{config.port}/", err=True)
    waitress.serve(app, host=config.host, port=config.port, threads=8, ident=None)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@with_app
def worker(app: Flask, once: bool) -> None:
    """Send mails, refresh suggestions, expire listings; several may run."""
    if once:
        click.echo(run_once(app), err=True)
        return
    _work(app, None)


def _work(app: Flask, rounds: int | None, pause: float = 3.0) -> None:
    """Do what is due, again and again; a failed round is logged and does not end the worker."""
    while rounds is None or rounds > 0:
        try:
            with app.app_context():
                run_once(app)
        except Exception:  # the next round may succeed: a locked database, a mail server away
            log.exception("worker")
        rounds = None if rounds is None else rounds - 1
        time.sleep(pause)


COMMANDS = (upgrade, revision, serve, worker)
