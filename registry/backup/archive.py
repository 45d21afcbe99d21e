"""The file of a backup: a ZIP whose last bytes are the digest of all before them."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

SEAL = b"musubi-backup-sha256:"
DIGITS = 64
BLOCK = 1024 * 1024
MANIFEST = "manifest.json"


class DamagedArchive(ValueError):
    """The file is no backup, or is not as it was written. The message says what is wrong."""


class ArchiveWriter:
    """Writes members and remembers their digests; the file appears only when it is whole.

    Use it as a context: `with ArchiveWriter(path) as archive: …; archive.finish(manifest)`.
    Raises FileExistsError when there is a file of that name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part-{os.getpid()}")
        self.digests: dict[str, str] = {}

    def __enter__(self) -> "ArchiveWriter":
        if self.path.exists():
            raise FileExistsError(self.path)
        handle = os.open(self._part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one member piece by piece."""
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
        self.digests[name] = digest.hexdigest()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, seal the file, and give it its name."""
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        self._zip.writestr(MANIFEST, text.encode())
        self._zip.comment = SEAL + b"0" * DIGITS
        self._zip.close()
        seal = _digest(self._file, until=self._file.seek(0, os.SEEK_END) - DIGITS)
        self._file.seek(-DIGITS, os.SEEK_END)
        self._file.write(seal)
        self._file.flush()
        os.fsync(self._file.fileno())
        os.link(self._part, self.path)


class ArchiveReader:
    """A sealed backup, checked as a whole before anything of it is used."""

    def __init__(self, path: Path) -> None:
        """Raises DamagedArchive."""
        _check_seal(path)
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise DamagedArchive(f"this is no backup of Musubi ({error})") from error

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member."""
        with self._zip.open(name) as member:
            yield from member

    def copy(self, name: str, target: Path) -> None:
        """Write a member to a file that only its owner reads."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with self._zip.open(name) as member, os.fdopen(handle, "wb") as file:
            while piece := member.read(BLOCK):
                file.write(piece)

    def check_members(self) -> None:
        """Compare every member with the manifest. Raises DamagedArchive."""
        expected: dict[str, str] = self.manifest.get("members", {})
        if set(self._zip.namelist()) != {*expected, MANIFEST}:
            raise DamagedArchive("the members are not those of the manifest")
        for name, digest in expected.items():
            found = hashlib.sha256()
            with self._zip.open(name) as member:
                while piece := member.read(BLOCK):
                    found.update(piece)
            if found.hexdigest() != digest:
                raise DamagedArchive(f"{name} is not as it was written")


def _check_seal(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        tail = len(SEAL) + DIGITS
        file.seek(max(0, size - tail))
        end = file.read()
        if not end.startswith(SEAL):
            raise DamagedArchive("this is no whole backup of Musubi: its seal is missing")
        if _digest(file, until=size - DIGITS) != end[len(SEAL) :]:
            raise DamagedArchive("the file was damaged or changed: its seal does not fit")


def _digest(file: IO[bytes], *, until: int) -> bytes:
    """SHA-256 of the first `until` bytes, as hexadecimal digits."""
    digest, left = hashlib.sha256(), until
    file.seek(0)
    while left > 0 and (piece := file.read(min(BLOCK, left))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest().encode("ascii")
