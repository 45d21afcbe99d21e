"""Words of the room's enumerations and code lists, in the page's language."""

from flask_babel import gettext as _

from registry.common import codelists
from registry.organizations.identity_words import (
    against_words as against_words,
)
from registry.organizations.identity_words import (
    reason_words as reason_words,
)
from registry.organizations.identity_words import (
    verdict_chip as verdict_chip,
)
from registry.organizations.identity_words import (
    verdict_label as verdict_label,
)
from registry.organizations.models import (
    ConsentWay,
    InvitationState,
    OrganizationKind,
    OrganizationState,
)
from registry.web.i18n import locale


def kind_label(kind: OrganizationKind) -> str:
    """What an organization is, in words."""
    words: dict[OrganizationKind, str] = {
        OrganizationKind.COMPANY: _("企業"),
        OrganizationKind.UNIVERSITY: _("大学・高専"),
        OrganizationKind.INSTITUTE: _("研究機関"),
        OrganizationKind.SUPPORTER: _("支援機関"),
        OrganizationKind.MUNICIPALITY: _("自治体"),
    }
    return words[kind]


def state_label(state: OrganizationState) -> str:
    """Where a registration stands, in words."""
    words: dict[OrganizationState, str] = {
        OrganizationState.DRAFT: _("下書き"),
        OrganizationState.SUBMITTED: _("確認待ち"),
        OrganizationState.RETURNED: _("差し戻し"),
        OrganizationState.APPROVED: _("登録済み"),
        OrganizationState.ARCHIVED: _("登録終了"),
    }
    return words[state]


def state_chip(state: OrganizationState) -> str:
    """The look of a state's chip."""
    return {
        OrganizationState.DRAFT: "plain",
        OrganizationState.SUBMITTED: "wait",
        OrganizationState.RETURNED: "late",
        OrganizationState.APPROVED: "done",
        OrganizationState.ARCHIVED: "off",
    }[state]


def way_label(way: ConsentWay) -> str:
    """How a word was given."""
    words: dict[ConsentWay, str] = {
        ConsentWay.LINK: _("本人のリンク"),
        ConsentWay.TELEPHONE: _("電話"),
        ConsentWay.PAPER: _("書面"),
        ConsentWay.IN_PERSON: _("面談"),
        ConsentWay.MAIL: _("メール"),
    }
    return words[way]


def invitation_label(state: InvitationState) -> str:
    """What became of an invitation or an application, in words."""
    words: dict[InvitationState, str] = {
        InvitationState.UNVERIFIED: _("メール未確認"),
        InvitationState.APPLIED: _("申込（回答待ち）"),
        InvitationState.OPEN: _("招待中"),
        InvitationState.USED: _("参加済み"),
        InvitationState.DECLINED: _("お断り"),
        InvitationState.REVOKED: _("取り消し"),
    }
    return words[state]


def industry_label(code: str) -> str:
    """The industry with its code; empty when unknown."""
    return codelists.industry_label(code, locale()) if code else ""


def place_label(code: str) -> str:
    """The municipality or ward with what it lies in; empty when unknown."""
    place = codelists.municipality(code) if code else None
    return place.full_label(locale()) if place else ""


def short_place_label(code: str) -> str:
    """The municipality or ward alone; empty when unknown."""
    place = codelists.municipality(code) if code else None
    return place.label(locale()) if place else ""
