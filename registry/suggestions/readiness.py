"""Whether this process's engine can answer now: its indexes are read beside the requests.

Reading them takes seconds in a process that has just started, of a large registry more: who asks
meanwhile waits a little, and is then told to come back.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from registry.db import db
from registry.suggestions.matcher import encoder, matcher

PATIENCE = 4.0
"""Seconds that a request waits for an engine that is being read."""


@dataclass
class _Reading:
    """One process's first reading of the indexes."""

    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None


def warm(app: Flask) -> None:
    """Begin to read the indexes beside the requests, once; a failure is left to the next question,
    which reads them itself and fails where it can be told."""
    reading: _Reading = app.extensions.setdefault("musubi_engine_reading", _Reading())
    with reading.lock:
        if reading.thread is not None or reading.done.is_set():
            return
        reading.thread = threading.Thread(target=_read, args=(app, reading), daemon=True)
        reading.thread.start()


def is_ready(patience: float = PATIENCE) -> bool:
    """Whether suggestions can be computed now, after at most so many seconds."""
    if matcher().position >= 0:
        return True
    app: Any = current_app
    warm(app._get_current_object())
    reading: _Reading = current_app.extensions["musubi_engine_reading"]
    return reading.done.wait(patience)


def _read(app: Flask, reading: _Reading) -> None:
    try:
        with app.app_context():
            try:
                encoder()
                matcher().follow()
            finally:
                db.session.remove()
    except Exception:
        app.logger.exception("the engine's indexes could not be read")
    finally:
        reading.done.set()
