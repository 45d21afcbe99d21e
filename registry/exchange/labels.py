"""What states of imports, encodings, and lines that are no records are called on a page."""

from flask_babel import gettext as _

from registry.exchange.models import ImportState

CHIPS = {
    ImportState.UPLOADED: "plain",
    ImportState.CHECKING: "wait",
    ImportState.CHECKED: "wait",
    ImportState.RUNNING: "wait",
    ImportState.DONE: "done",
    ImportState.REFUSED: "late",
    ImportState.UNDONE: "off",
}


def state_label(state: ImportState) -> str:
    """Where an import stands."""
    return {
        ImportState.UPLOADED: _("列を確かめる"),
        ImportState.CHECKING: _("調べています"),
        ImportState.CHECKED: _("取り込み前"),
        ImportState.RUNNING: _("取り込んでいます"),
        ImportState.DONE: _("取り込み済み"),
        ImportState.REFUSED: _("取り込めませんでした"),
        ImportState.UNDONE: _("取り消し済み"),
    }[state]


def state_chip(state: ImportState) -> str:
    """The look of a state's chip."""
    return CHIPS[state]


def encoding_label(encoding: str) -> str:
    """How a file was read."""
    return {
        "utf-8-sig": _("UTF-8（BOM 付き）"),
        "utf-8": "UTF-8",
        "cp932": _("Shift_JIS（CP932）"),
        "utf-16": "UTF-16",
        "xlsx": "Excel",
        "json": "JSON",
    }.get(encoding, encoding)


def skip_label(why: str) -> str:
    """Why a line is no record."""
    return {
        "title": _("見出しより上"),
        "total": _("合計の行"),
        "remark": _("注の行"),
        "header": _("見出しの繰り返し"),
    }[why]
