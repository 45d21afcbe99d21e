"""Importing 100,000 organizations beside a bare bulk insert of the same rows, in one run.

The import reads a CSV as an office keeps it (units, names of industries and wards, readings),
puts every row to the rules, and keeps what undoing needs; the peer inserts the finished rows with
SQLAlchemy Core, one commit. Each runs in an empty database of its own.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from registry.app import create_app
from registry.common.identifiers import corporate_check_digit
from registry.common.viewer import SYSTEM
from registry.config import Config
from registry.db import db, transaction
from registry.exchange.catalogue import get_kind
from registry.exchange.columns import Context
from registry.exchange.service import RowsRefused, import_directly
from registry.organizations.models import Organization

ALLOWED = 3.0
HEADER = "法人番号,商号又は名称,フリガナ,業種,資本金（万円）,従業員数,市区町村,所在地,ホームページ,状態,出典"
FAMILY = [
    "赤松",
    "白根",
    "緑川",
    "黄瀬",
    "青柳",
    "黒田",
    "紫野",
    "朱雀",
    "銀林",
    "金森",
    "茜",
    "藍沢",
    "桃井",
    "橙田",
    "墨田",
    "灰谷",
]
READINGS = [
    "アカマツ",
    "シラネ",
    "ミドリカワ",
    "キセ",
    "アオヤギ",
    "クロダ",
    "ムラサキノ",
    "スザク",
    "ギンバヤシ",
    "カナモリ",
    "アカネ",
    "アイザワ",
    "モモイ",
    "ダイダ",
    "スミダ",
    "ハイタニ",
]
TRADES = (
    "精密 セイミツ",
    "化学 カガク",
    "電機 デンキ",
    "木工 モッコウ",
    "物流 ブツリュウ",
    "設計 セッケイ",
)
INDUSTRIES = ("24 金属製品製造業", "16 化学工業", "29 電気機械器具製造業", "39 情報サービス業")
WARDS = (
    "川崎市川崎区",
    "川崎市幸区",
    "川崎市中原区",
    "川崎市高津区",
    "川崎市宮前区",
    "川崎市多摩区",
)


def table(rows: int, seed: int) -> bytes:
    """A CSV of invented firms."""
    draw = random.Random(seed)
    lines = [HEADER]
    for place in range(rows):
        family = draw.randrange(len(FAMILY))
        trade, reading = draw.choice(TRADES).split()
        base = f"{place + 10_000_000_000:012d}"
        name = f"株式会社{FAMILY[family]}{trade}{place}"
        lines.append(
            f"{corporate_check_digit(base)}{base},{name},{READINGS[family]}{reading},"
            f"{draw.choice(INDUSTRIES)},{draw.choice((300, 1000, 3000))},{draw.randrange(1, 400)},"
            f"{draw.choice(WARDS)},{draw.choice(FAMILY)}町{draw.randrange(1, 9)}-{place % 97},"
            f"https://www.firm{place}.example.jp,登録済み,企業名鑑"
        )
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def fresh_app(url: str | None) -> Flask:
    """An app on an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="musubi-bench-"))
    config = Config(
        data=folder, host="127.0.0.1", port=8000,
        database_url=url or f"sqlite:///{folder / 'musubi.sqlite3'}",
        base_url="http://localhost", secret_key="k" * 40, smtp_url=None, demo=True,
        today=date(2026, 11, 25),
    )  # fmt: skip
    app = create_app(config)
    with app.app_context():
        if url:
            db.drop_all()
        db.create_all()
    return app


def timed(app: Flask, act: Callable[[], object]) -> float:
    """Seconds that an action takes inside the app's context."""
    with app.app_context():
        begun = time.perf_counter()
        act()
        return time.perf_counter() - begun


def take_in(data: bytes, *, dry: bool = False) -> dict[str, int]:
    """Import a file; the figures of its rows."""
    context = Context(SYSTEM, date(2026, 11, 25), dry=dry)
    try:
        with transaction():
            run, _found = import_directly(
                get_kind("organizations"), name="bench.csv", data=data, context=context
            )
            return dict(run.counts)
    except RowsRefused as refused:
        return refused.counts


def finished_rows() -> list[dict[str, Any]]:
    """The stored rows, ready to be inserted anew."""
    columns = [c for c in Organization.__table__.c if c.name != "id"]
    rows = db.session.execute(select(*columns)).mappings().all()
    db.session.rollback()
    return [dict(row) for row in rows]


def insert_bare(rows: list[dict[str, Any]]) -> None:
    """The peer: finished rows, one statement, one commit."""
    with transaction():
        db.session.execute(insert(Organization), rows)


def measure(rows: int, rounds: int, url: str | None) -> float:
    """Measure import and peer in turn, print the medians, return their ratio."""
    name = "PostgreSQL" if url else "SQLite"
    data = table(rows, seed=1)
    imports, bare, again = [], [], 0.0
    for _round in range(rounds):
        app = fresh_app(url)
        imports.append(timed(app, lambda: take_in(data)))
        with app.app_context():
            stored = finished_rows()
            assert len(stored) == rows
            if not again:
                begun = time.perf_counter()
                figures = take_in(data)
                again = time.perf_counter() - begun
                assert figures["unchanged"] == rows, figures
        other = fresh_app(url)
        bare.append(timed(other, lambda rows=stored: insert_bare(rows)))
        with other.app_context():
            assert db.session.scalar(select(func.count()).select_from(Organization)) == rows
            db.engine.dispose()
    mine, peer = statistics.median(imports), statistics.median(bare)
    print(f"{name}: {rows:,} organizations, CSV of {len(data) / 1e6:.1f} MB, median of {rounds}")
    print(f"  import          {mine:7.2f} s  ({rows / mine:,.0f} rows/s)")
    print(f"  bare insert     {peer:7.2f} s  ({rows / peer:,.0f} rows/s)")
    print(f"  ratio           {mine / peer:7.2f}    (at most {ALLOWED})")
    print(f"  imported again  {again:7.2f} s, nothing changed")
    return mine / peer


def main() -> None:
    """Measure on SQLite, and on the server of TEST_DATABASE_URL; fail above the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    urls = [None, *filter(None, [os.environ.get("TEST_DATABASE_URL")])]
    worst = max(measure(arguments.rows, arguments.rounds, url) for url in urls)
    if worst > ALLOWED:
        raise SystemExit(f"import: {worst:.2f} times a bare insert, more than {ALLOWED}")


if __name__ == "__main__":
    main()
