"""What states and kinds of the room are called on a page."""

from flask_babel import gettext as _
from flask_babel import pgettext

from registry.intake.models import Became, EnquiryKind, EnquiryState


def kind_label(kind: EnquiryKind) -> str:
    """問い合わせ or 依頼."""
    return {EnquiryKind.QUESTION: _("問い合わせ"), EnquiryKind.REQUEST: _("依頼")}[kind]


def state_label(state: EnquiryState) -> str:
    """How far an enquiry came."""
    return {
        EnquiryState.UNVERIFIED: _("アドレスの確認待ち"),
        EnquiryState.RECEIVED: _("受付"),
        EnquiryState.ROUTED: _("振り分け済み"),
        EnquiryState.ANSWERED: _("回答済み"),
        EnquiryState.CLOSED: _("終了"),
    }[state]


def state_chip(state: EnquiryState) -> str:
    """The chip's tone."""
    return {
        EnquiryState.UNVERIFIED: "off",
        EnquiryState.RECEIVED: "live",
        EnquiryState.ROUTED: "wait",
        EnquiryState.ANSWERED: "done",
        EnquiryState.CLOSED: "off",
    }[state]


def became_label(became: Became) -> str:
    """What it went on as."""
    return {
        Became.ENCOUNTER: pgettext("one", "相談・訪問"),
        Became.NEED: _("ニーズの下書き"),
        Became.CASE: pgettext("one", "マッチング"),
    }[became]


BECAME_ENDPOINTS = {
    Became.ENCOUNTER: "encounters.show",
    Became.NEED: "listings.show",
    Became.CASE: "cases.show",
}
"""Where the record is shown."""
