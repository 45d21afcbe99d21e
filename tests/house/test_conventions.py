"""The conventions of the house, proved."""

import re
from pathlib import Path

from flask import Flask

from registry.web.access import permission_of

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 300


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    undeclared = [name for name in app.view_functions if permission_of(app, name) is None]

    assert undeclared == []


def test_addresses_are_kebab_case_with_public_ids(app: Flask) -> None:
    library = ("security.", "static")
    rules = [r.rule for r in app.url_map.iter_rules() if not r.endpoint.startswith(library)]

    assert [rule for rule in rules if not re.fullmatch(r"[a-z0-9/.<>:_-]+", rule)] == []
    assert [rule for rule in rules if "<int:id>" in rule] == []


def test_no_python_file_of_the_registry_is_longer_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "registry").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
    }

    assert long == {}


def test_views_hold_no_queries() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "registry").rglob("*views.py")
        if re.search(r"\bselect\(", path.read_text(encoding="utf-8"))
    ]

    assert offenders == []


def test_no_rule_reads_the_clock_by_itself() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "registry").rglob("*.py")
        if re.search(r"\bdate\.today\(", path.read_text(encoding="utf-8"))
        and path.parent.name != "common"
    ]

    assert offenders == []


def test_lock_files_hold_names_versions_and_hashes_alone() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")

        assert "://" not in text, name
        assert text.count("--hash=sha256:") > text.count("==") > 50, name
