"""The commands import and export: exit codes, reports, files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from registry.cli import environment
from registry.cli.main import main
from registry.db import db
from registry.exchange.models import ImportRun
from registry.organizations.models import Organization
from tests.exchange.office_file import csv, number
from tests.factories.organizations import make_organization


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs a command on the tests' database."""
    monkeypatch.setattr(environment, "create_app", lambda _config: app)
    monkeypatch.setenv("MUSUBI_DEMO", "1")

    def command(*arguments: str) -> Result:
        result = CliRunner().invoke(main, list(arguments))
        db.session.rollback()
        return result

    return command


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Organization)) or 0


def test_a_dry_run_changes_nothing_and_reports_as_json(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "firms.csv"
    file.write_bytes(csv("法人番号,名称", f"{number('020001000001')},㈱赤松精密", encoding="cp932"))

    result = run("import", "organizations", str(file), "--dry-run", "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 0 and count() == 0
    assert report["counts"]["new"] == 1 and report["imported"] is False
    assert report["rows"][0]["label"] == "㈱赤松精密"
    assert "cp932" in result.stderr


def test_an_import_ends_with_0_and_wrong_rows_with_1(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "firms.csv"
    file.write_bytes(csv("名称,従業員数", "赤松精密,10", "白根めっき,たくさん"))
    report = tmp_path / "report.txt"

    stopped = run("import", "organizations", str(file), "-o", str(report))
    assert stopped.exit_code == 1 and count() == 0
    assert "白根めっき" in report.read_text(encoding="utf-8")

    file.write_bytes(csv("名称,従業員数", "赤松精密,10", "白根めっき,3"))
    assert run("import", "organizations", str(file)).exit_code == 0
    assert count() == 2
    assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 1
    again = run("import", "organizations", str(file))
    assert again.exit_code == 0 and "2 unchanged" in again.stderr


def test_an_unknown_kind_is_wrong_usage_and_a_broken_file_names_its_row(
    run, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "firms.csv"
    file.write_bytes("名称\r\n".encode() + "赤松\r\n".encode("cp932") + b"\x80\x80")

    assert run("import", "firms", str(file)).exit_code == 2
    result = run("import", "organizations", str(file))
    assert result.exit_code == 1 and "行目" in result.stderr


def test_what_was_exported_is_imported_again_without_a_change(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    make_organization(name="赤松精密", name_key="", search_text="")
    for form in ("json", "csv", "xlsx"):
        file = tmp_path / f"out.{form}"
        assert run("export", "organizations", "--format", form, "-o", str(file)).exit_code == 0
        result = run("import", "organizations", str(file))
        assert result.exit_code == 0 and "1 unchanged" in result.stderr, result.stderr
    make_organization(name="𠮷野")
    lost = run("export", "organizations", "--format", "sjis", "-o", str(tmp_path / "x.csv"))
    assert lost.exit_code == 1 and "𠮷" in lost.stderr
