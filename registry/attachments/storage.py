"""Where the bytes lie: `files/ab/<sha256>` in the data folder. Never under a person's name for them,
never where the server hands out files by itself."""

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from flask import current_app

FOLDER = "files"
"""The folder in MUSUBI_DATA; a backup takes it along."""
UNCLAIMED = 24 * 60 * 60
"""So many seconds a file may wait for its row to be committed."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
log = structlog.get_logger()


class StorageFailed(Exception):
    """The folder takes no file: the disk is full, or it may not be written."""


def files_folder() -> Path:
    """The folder of all files of this installation."""
    data: Path = current_app.extensions["musubi_config"].data
    return data / FOLDER


def path_of(digest: str) -> Path:
    """Where the bytes with that hash lie. Raises ValueError for what is no hash."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return files_folder() / digest[:2] / digest


def store(data: bytes) -> str:
    """Write bytes durably and return their hash; the same bytes lie there once.

    Raises StorageFailed, and then nothing half-written is left.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    waiting = path.with_name(f".{digest[:16]}-{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone():
            _write(waiting, data)
            waiting.replace(path)
            _sync_folder(path.parent)
    except OSError as error:
        log.error("file not stored", error=str(error), folder=str(files_folder()))
        raise StorageFailed(str(error)) from error
    finally:
        _forget(waiting)
    return digest


def is_whole(digest: str) -> bool:
    """Whether the bytes are there and still have that hash."""
    try:
        with path_of(digest).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def sweep(claimed: Callable[[Collection[str]], set[str]], *, now: float | None = None) -> int:
    """Delete files that no row claims and that nobody is writing; return how many.

    `claimed` gives those of some hashes that a row points to. Only what is older than a day goes:
    a file is written before its row is committed.
    """
    count, limit = 0, (time.time() if now is None else now) - UNCLAIMED
    for folder in sorted(files_folder().glob("[0-9a-f][0-9a-f]")):
        with _alone():
            old = [path for path in folder.iterdir() if path.stat().st_mtime < limit]
            kept = claimed([path.name for path in old if _DIGEST.fullmatch(path.name)])
            for path in old:
                if path.name not in kept:
                    path.unlink(missing_ok=True)
                    count += 1
    return count


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time on this machine: nothing is swept away while it is written anew."""
    files_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (files_folder() / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        log.warning("unfinished file left", name=path.name)
