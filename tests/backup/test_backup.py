"""Backup and restore: the same state again, on either database; nothing damaged, nothing overwritten."""

import json
import random
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.queries import user_by_email
from registry.audit.models import AuditEntry
from registry.audit.queries import verify
from registry.backup.archive import MANIFEST, ArchiveReader, ArchiveWriter, DamagedArchive
from registry.backup.restoring import NotEmpty, restore_backup
from registry.backup.writing import FILES, write_backup
from registry.canonical import dump_lines
from registry.cli import environment, keeping
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.config import Config
from registry.db import db, transaction
from registry.office import settings
from registry.organizations.models import Organization
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.organizations import make_member, make_organization
from tests.postgres import Server, fresh_database


@pytest.fixture
def world(app: Flask, config: Config) -> Flask:
    """An installation with people, a referral that points to a later row, a case, and a file."""
    make_user(Role.ADMINISTRATOR, email="boss@city.example", tf_totp_secret="secret")
    make_member()
    case = make_case()
    first, last = make_organization(), make_organization(name="㈱山田　鍍金")
    with transaction():
        found = db.session.get_one(Organization, first.id)
        found.referred_by_id = last.id
        settings.change(replace(settings.office(), name="海辺市"), viewer=SYSTEM)
    folder = config.data / FILES / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / case.public_id).write_bytes(bytes(range(256)) * 100)
    return app


@pytest.fixture(autouse=True)
def clean(config: Config) -> object:
    yield
    shutil.rmtree(config.data / FILES, ignore_errors=True)


def other(config: Config, folder: Path, url: str | None = None) -> Config:
    folder.mkdir(exist_ok=True)
    address = url or f"sqlite:///{folder / 'musubi.sqlite3'}"
    return replace(config, data=folder, database_url=address)


def state(*, everything: bool = False) -> list[str]:
    """The dump without what a restore leaves out."""
    lines = dump_lines(everything=everything)
    return [x for x in lines if json.loads(x)["table"] not in ("web_sessions", "rate_counts")]


def test_a_backup_restored_gives_the_same_dump_files_and_chain(
    world: Flask, config: Config, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    before, whole = state(), state(everything=True)
    write_backup(tmp_path / "b.zip")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600

    target = other(config, tmp_path / "new")
    with make_app(target).app_context():
        restore_backup(tmp_path / "b.zip")

        assert state() == before
        assert state(everything=True) == whole
        assert verify().bad_position is None
        entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert entries
    files = {p.name: p.read_bytes() for p in (target.data / FILES).rglob("*") if p.is_file()}
    assert files == {
        p.name: p.read_bytes() for p in (config.data / FILES).rglob("*") if p.is_file()
    }


def test_people_sign_in_and_work_goes_on_after_a_restore(
    world: Flask, config: Config, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    make_user(email="hanako@city.example")
    write_backup(tmp_path / "b.zip")

    new = make_app(other(config, tmp_path / "new"), TESTING=True, RATELIMIT_ENABLED=False)
    with new.app_context():
        restore_backup(tmp_path / "b.zip")
        client = Client(new).sign_in(user_by_email("hanako@city.example") or make_user())
        assert "海辺市" in client.get("/desk").text
        assert make_case().number == 2
        assert verify().bad_position is None


def test_a_backup_goes_from_one_database_to_the_other_and_back(
    world: Flask,
    config: Config,
    tmp_path: Path,
    make_app: Callable[..., Flask],
    postgres_server: Server | None,
) -> None:
    before = state()
    write_backup(tmp_path / "1.zip")
    with make_app(other(config, tmp_path / "lite")).app_context():
        restore_backup(tmp_path / "1.zip")
        write_backup(tmp_path / "2.zip")
    url = fresh_database(postgres_server) if postgres_server else None
    with make_app(other(config, tmp_path / "back", url)).app_context():
        restore_backup(tmp_path / "2.zip")

        assert state() == before
        assert make_case().number == 2


def test_every_damaged_byte_is_noticed_and_nothing_is_changed(
    world: Flask, config: Config, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    write_backup(tmp_path / "b.zip")
    good = (tmp_path / "b.zip").read_bytes()
    chance = random.Random(5)
    with make_app(other(config, tmp_path / "new")).app_context():
        for place in chance.sample(range(len(good)), 50):
            bad = bytearray(good)
            bad[place] ^= 1 << chance.randrange(8)
            (tmp_path / "bad.zip").write_bytes(bad)
            with pytest.raises(DamagedArchive):
                restore_backup(tmp_path / "bad.zip")
        for end in (0, 10, len(good) // 2, len(good) - 1):
            (tmp_path / "bad.zip").write_bytes(good[:end])
            with pytest.raises(DamagedArchive):
                restore_backup(tmp_path / "bad.zip")
    assert not (tmp_path / "new" / "musubi.sqlite3").exists()


def test_a_backup_never_goes_over_something(
    world: Flask, config: Config, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    write_backup(tmp_path / "b.zip")
    with pytest.raises(FileExistsError):
        write_backup(tmp_path / "b.zip")
    before = state()
    with pytest.raises(NotEmpty):
        restore_backup(tmp_path / "b.zip")
    assert state() == before
    assert [p.name for p in tmp_path.iterdir()] == ["b.zip"]

    target = other(config, tmp_path / "new")
    (target.data / FILES).mkdir()
    (target.data / FILES / "x").write_text("x")
    with make_app(target).app_context(), pytest.raises(NotEmpty):
        restore_backup(tmp_path / "b.zip")


def test_a_backup_of_a_newer_program_is_refused(world: Flask, tmp_path: Path) -> None:
    write_backup(tmp_path / "b.zip")
    manifest = ArchiveReader(tmp_path / "b.zip").manifest
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert MANIFEST in archive.namelist()
    manifest["schema"] = "9999"
    with ArchiveWriter(tmp_path / "newer.zip") as archive:
        archive.finish(manifest)
    with pytest.raises(DamagedArchive, match="newer"):
        restore_backup(tmp_path / "newer.zip")


def test_the_commands_tell_by_their_exit_codes(
    world: Flask, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "create_app", lambda _config: world)
    monkeypatch.setattr(environment.config, "load", lambda *_a, **_k: config)
    file = tmp_path / "b.zip"

    def run(command: object, *words: str) -> Result:
        return CliRunner().invoke(command, list(words))  # type: ignore[arg-type]

    done = run(keeping.backup, str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "rows, 1 files" in done.stderr
    assert run(keeping.backup, str(file)).exit_code == 2
    assert run(keeping.backup, str(tmp_path / "no" / "b.zip")).exit_code == 3
    assert run(keeping.restore, str(file)).exit_code == 3
    assert run(keeping.restore, str(tmp_path / "absent")).exit_code == 2
    file.write_bytes(b"no backup")
    assert run(keeping.restore, str(file)).exit_code == 1
