"""`registry report monthly`: the staff's figures as a page that stands alone, CSV or Excel."""

import csv
import io

import pytest
from click.testing import CliRunner
from flask import Flask

from registry.cli import environment
from registry.cli.main import main
from registry.config import Config
from tests.client import Client
from tests.reports.office import small_office


@pytest.fixture
def command(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(environment.config, "load", lambda *_args, **_kwargs: config)
    monkeypatch.setattr(environment, "create_app", lambda _config: app)
    return CliRunner()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_commands_file_is_the_one_of_the_page(command, client: Client, tmp_path, form):
    office = small_office()
    file = tmp_path / f"report.{form}"

    done = command.invoke(main, ["report", "monthly", "2026-10", "--format", form, "-o", str(file)])

    client.sign_in(office.saeki)
    assert done.exit_code == 0, done.output
    assert file.read_bytes() == client.get(f"/reports/monthly/2026-10.{form}").response.data


def test_the_page_of_the_command_needs_nothing_else(command):
    small_office()

    html = command.invoke(main, ["report", "monthly", "2026-10"]).output

    assert "マッチング月次報告" in html and "相談・訪問を" in html
    assert ".stack > * + *" in html and "@media print { " in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert all(mark not in html for mark in ("<link", "<script", "href=", "src=", "url("))


def test_the_command_speaks_english_when_asked(command):
    small_office()

    out = command.invoke(main, ["report", "monthly", "2026-10", "--format", "csv", "--lang", "en"])

    rows = list(csv.reader(io.StringIO(out.output.lstrip("\ufeff"))))
    assert any("October 2026" in row[3] for row in rows)


@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-13", "is no month"), ("oct", "is no month"), ("2027-05", "not begun")],
)
def test_a_bad_month_ends_with_code_2_and_one_line(command, month, said):
    done = command.invoke(main, ["report", "monthly", month, "--format", "csv"])

    assert done.exit_code == 2
    assert said in done.output and len(done.output.splitlines()) == 1
