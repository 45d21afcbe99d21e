"""Commands given files or months that cannot be used: exit code 2 and one line that says where."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from registry.cli import environment, matching
from registry.cli.main import main
from registry.config import Config

HEADING = "id,title,description,keywords\n"
NEEDS = HEADING + "N1,めっきを頼みたい,端子に金めっきを施したい。,めっき;端子\n"
SEEDS = HEADING + "S1,金めっきの受託加工,端子への金めっきを1個から承ります。,金めっき\n"


@pytest.fixture
def command(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(environment.config, "load", lambda *_args, **_kwargs: config)
    monkeypatch.setattr(environment, "create_app", lambda _config: app)
    monkeypatch.setattr(matching, "_build", lambda _app: None)
    return CliRunner()


def suggest(command: CliRunner, folder: Path, needs: bytes) -> Result:
    """`registry suggest` with this file of needs."""
    (folder / "needs.csv").write_bytes(needs)
    (folder / "seeds.csv").write_text(SEEDS, "utf-8")
    files = ["--needs", str(folder / "needs.csv"), "--seeds", str(folder / "seeds.csv")]
    return command.invoke(
        main, ["suggest", *files, "--words-only", "-o", str(folder / "found.csv")]
    )


def test_a_file_in_cp932_is_read_and_the_command_says_so(
    command: CliRunner, tmp_path: Path
) -> None:
    done = suggest(command, tmp_path, NEEDS.encode("cp932"))

    assert done.exit_code == 0, done.output
    assert "needs.csv: cp932, 1" in done.output
    found = (tmp_path / "found.csv").read_text("utf-8")
    assert found.startswith("need_id,seed_id,rank,score,reasons\nN1,S1,1,")


@pytest.mark.parametrize(
    ("needs", "place", "said"),
    [
        (b"", "needs.csv:", "ファイルが空です"),
        (b"\xef\xbb\xbf\r\n", "needs.csv:", "ファイルが空です"),
        (HEADING.encode(), "needs.csv:", "データの行がありません"),
        (b"id,title,description\nN1,a,b\n", "needs.csv:1:", "keywords"),
        ((NEEDS + "N1,二度目,同じ番号,\n").encode(), "needs.csv:3:id:", "2行目と重複"),
        (b"id,title,description,keywords\nN1,\xff\xfe\x81,x,y\n", "needs.csv:", "文字コード"),
        (
            (HEADING + "N1,め,っき," + "字" * 10_000 + "\n").encode(),
            "needs.csv:2:keywords:",
            "10000",
        ),
        ((HEADING + ",題,文,語\n").encode(), "needs.csv:2:id:", "id が空"),
    ],
    ids=["empty", "mark", "heading", "column", "twice", "bytes", "long", "no id"],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(
    command: CliRunner, tmp_path: Path, needs: bytes, place: str, said: str
) -> None:
    done = suggest(command, tmp_path, needs)

    line = done.output.strip().splitlines()[-1]
    assert done.exit_code == 2, done.output
    assert place in line and said in line, line
    assert "Traceback" not in done.output
    assert not (tmp_path / "found.csv").exists()


@pytest.mark.parametrize("missing", ["--needs", "--seeds"])
def test_a_file_that_is_not_there_is_named(
    command: CliRunner, tmp_path: Path, missing: str
) -> None:
    (tmp_path / "there.csv").write_text(SEEDS, "utf-8")
    files = {"--needs": "there.csv", "--seeds": "there.csv", missing: "absent.csv"}

    done = command.invoke(
        main, ["suggest", "--words-only", *(a for k, v in files.items() for a in (k, str(tmp_path / v)))]
    )  # fmt: skip

    assert done.exit_code == 2, done.output
    assert "absent.csv" in done.output.strip().splitlines()[-1]


def test_one_file_without_the_other_is_refused(command: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text(NEEDS, "utf-8")

    done = command.invoke(main, ["suggest", "--needs", str(tmp_path / "needs.csv")])

    assert done.exit_code == 2
    assert "--needs and --seeds go together" in done.output


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "26-1", "令和8年13月", ""])
def test_a_month_that_cannot_be_is_refused(command: CliRunner, month: str) -> None:
    done = command.invoke(main, ["report", "monthly", month])

    assert done.exit_code == 2, done.output
    assert "write it like 2026-10" in done.output
