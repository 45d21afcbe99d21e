"""An Excel file as an office really keeps it, and what to do with it in tests."""

import io
from datetime import date

from openpyxl import Workbook

from registry.common.identifiers import corporate_check_digit
from registry.common.viewer import SYSTEM
from registry.db import transaction
from registry.exchange import service
from registry.exchange.catalogue import get_kind
from registry.exchange.columns import Context
from registry.exchange.opening import open_file
from registry.exchange.verdicts import Verdict

TODAY = date(2026, 11, 25)


def number(base: str) -> str:
    """A corporate number with its check digit."""
    return f"{corporate_check_digit(base)}{base}"


def workbook(rows: list[list[object]], *, merged: tuple[str, ...] = ()) -> bytes:
    """An .xlsx of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def office_file() -> bytes:
    """Merged titles, full-width digits, ㈱, 和暦, 万円, blank lines, a total and a remark."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    rows: list[list[object]] = [
        ["市内企業名簿（製造業）", None, None, None, None, None, None, None],
        ["令和８年４月１日現在", None, None, None, None, None, None, "産業振興課"],
        [],
        ["No.", "企業名", "フリガナ", "法人番号", "所在地", "資本金（万円）", "従業員数", "設立年月日"],
        [1, "㈱赤松精密", "ｱｶﾏﾂｾｲﾐﾂ", number("020001000001").translate(wide),
         "神奈川県川崎市中原区小杉町1-2-3", "1,000", "２４名", "昭和45年4月1日"],
        [2, "(有)白根めっき", "しらねめっき", number("020002000002"), "川崎市高津区坂戸3-2-1",
         300, "約12", "H3/4/1"],
        [],
        [3, "緑川化学　株式会社", "ミドリカワカガク", int(number("020001000003")), "川崎市川崎区浮島町5",
         "３，５００", 85, date(1988, 6, 1)],
        ["合計", "3社", None, None, None, 4800, 121, None],
        ["※ 令和８年度調べ"],
    ]  # fmt: skip
    return workbook(rows, merged=("A1:H1",))


def run(
    kind: str, data: bytes, *, keep: bool = True, **decided: object
) -> tuple[list[Verdict], dict[str, int]]:
    """Check a file and, with `keep`, import it."""
    opened = open_file(get_kind(kind), data)
    with transaction():
        context = Context(SYSTEM, TODAY, dry=not keep, **decided)  # type: ignore[arg-type]
        return service.check_rows(opened, context, keep=keep)


def csv(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file of these lines."""
    return ("\r\n".join(lines) + "\r\n").encode(encoding)
