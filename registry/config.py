"""Settings of one installation, read once from the environment, frozen and checked at start.

What an office changes while running (its name, stale days …) is in `office`, not here.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DEMO_ACCOUNTS = "demo-accounts.json"
"""File in the data folder that lists the demo's accounts; it marks an installation as a demo."""


class BadConfig(ValueError):
    """The environment asks for something unsafe or impossible. The message names the variable."""


@dataclass(frozen=True)
class Config:
    """One installation's settings."""

    # Folder of the database, the index, the dictionary and the files.
    data: Path
    # Where the server listens.
    host: str
    port: int
    # SQLAlchemy address of the database.
    database_url: str
    # The address that people type; links in mails start with it.
    base_url: str
    # Signs cookies and links.
    secret_key: str
    # smtp://user:password@host:port, or None: mail stays in the outbox.
    smtp_url: str | None
    # Demo mode: invented accounts, mail readable on a page.
    demo: bool
    # A fixed day for demo and tests.
    today: date | None
    # How many proxies of our own stand in front and tell the caller's address and scheme.
    proxies: int = 0
    # How large a file of a record may be.
    file_megabytes: int = 10

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str], *, serving: bool = True) -> Config:
    """Read and check the settings.

    An installation is a demo when MUSUBI_DEMO=1 or when its demo accounts were made. Commands that
    neither serve pages nor make links (`serving` False) do without a secret key of their own.

    Raises BadConfig when the port is no number, the day is no date, or an installation that is
    not a demo has no secret key of at least 32 characters.
    """
    data = Path(environ.get("MUSUBI_DATA") or "var").absolute()
    host = environ.get("HOST") or "127.0.0.1"
    port = _port(environ.get("PORT") or "8000")
    demo = environ.get("MUSUBI_DEMO", "") == "1" or (data / DEMO_ACCOUNTS).exists()
    return Config(
        data=data,
        host=host,
        port=port,
        database_url=_database_url(environ.get("DATABASE_URL"), data),
        base_url=(environ.get("MUSUBI_BASE_URL") or f"http://{host}:{port}").rstrip("/"),
        secret_key=_secret_key(environ.get("MUSUBI_SECRET_KEY"), data, demo=demo, needed=serving),
        smtp_url=environ.get("MUSUBI_SMTP_URL") or None,
        demo=demo,
        proxies=_proxies(environ.get("MUSUBI_PROXIES") or "0"),
        file_megabytes=_file_megabytes(environ.get("MUSUBI_FILE_MB") or "10"),
        today=_today(environ.get("MUSUBI_TODAY")),
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise BadConfig(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _proxies(text: str) -> int:
    if not text.isdigit() or int(text) > 5:
        raise BadConfig(f"MUSUBI_PROXIES must be a number from 0 to 5, not {text!r}")
    return int(text)


def _file_megabytes(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 100:
        raise BadConfig(f"MUSUBI_FILE_MB must be a number from 1 to 100, not {text!r}")
    return int(text)


def _database_url(url: str | None, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'musubi.sqlite3'}"
    if url.startswith("postgres://"):
        return "postgresql" + url[len("postgres") :]
    if not url.startswith(("postgresql", "sqlite")):
        raise BadConfig("DATABASE_URL must start with postgresql:// or sqlite://")
    return url


def _secret_key(key: str | None, data: Path, *, demo: bool, needed: bool) -> str:
    """The key given, or in demo mode one that is made once and kept beside the database."""
    if key and len(key) >= 32:
        return key
    if key:
        raise BadConfig("MUSUBI_SECRET_KEY must have at least 32 characters")
    if not demo and not needed:
        return secrets.token_urlsafe(48)
    if not demo:
        raise BadConfig(
            "MUSUBI_SECRET_KEY is missing; make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    path = data / "secret-key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _today(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadConfig(f"MUSUBI_TODAY must be YYYY-MM-DD, not {text!r}") from error
