"""The edit history of an organization, read from the audit log, in words."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEntry, AuditValue
from registry.audit.queries import entries_of
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.identity_models import PairState
from registry.organizations.identity_words import (
    invoice_status_label,
    moved_words,
    pair_state_label,
)
from registry.organizations.labels import (
    industry_label,
    kind_label,
    place_label,
    state_label,
    way_label,
)
from registry.organizations.models import (
    ConsentWay,
    InvoiceStatus,
    Organization,
    OrganizationKind,
    OrganizationState,
)
from registry.organizations.people import may_manage


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, by whom, what, and the fields with their texts before and after."""

    at: datetime
    who: str
    what: str
    fields: tuple[tuple[str, str, str], ...]


def history_of(organization: Organization, viewer: Viewer) -> list[HistoryLine]:
    """The changes of an organization, newest first; empty for those who may not read them.

    Staff and the organization's own managers may. To managers the office's people are the office.
    """
    if not may_manage(organization, viewer):
        return []
    entries = entries_of(f"organization:{organization.public_id}")
    people = _people(entries)
    return [
        HistoryLine(
            at=entry.at,
            who=_who(entry.actor, people, viewer),
            what=_actions().get(entry.action, entry.action),
            fields=tuple(
                (
                    field_labels().get(value.field, value.field),
                    _("（消去済み）") if value.erased else _text(value.field, value.before, people),
                    _("（消去済み）") if value.erased else _text(value.field, value.after, people),
                )
                for value in sorted(entry.values, key=_place)
            ),
        )
        for entry in entries
    ]


def _place(value: AuditValue) -> int:
    """Where a field stands on the page."""
    order = list(field_labels())
    return order.index(value.field) if value.field in order else len(order)


def _people(entries: list[AuditEntry]) -> dict[str, User]:
    ids = {entry.actor for entry in entries}
    ids |= {
        text
        for entry in entries
        for value in entry.values
        if value.field == "member"
        for text in (value.before, value.after)
        if text
    }
    users = db.session.scalars(select(User).where(User.public_id.in_(ids)))
    return {user.public_id: user for user in users}


def _who(actor: str, people: dict[str, User], viewer: Viewer) -> str:
    user = people.get(actor)
    if user is None:
        return str(_("システム"))
    if not viewer.is_staff and Viewer(role=user.role).is_staff:
        return str(_("事務局"))
    return user.name


def _text(field: str, text: str | None, people: dict[str, User]) -> str:
    if not text:
        return ""
    if field == "member" and text in people:
        return people[text].name
    if field == "industry":
        return industry_label(text)
    if field == "municipality":
        return place_label(text)
    if field == "state":
        return state_label(OrganizationState(text))
    if field == "invoice_status":
        return invoice_status_label(InvoiceStatus(text))
    if field == "kind":
        return kind_label(OrganizationKind(text))
    if field == "way":
        return way_label(ConsentWay(text))
    if field == "word":
        return pair_state_label(PairState(text))
    if field == "moved":
        return _("、").join(moved_words(_counts(text)))
    words: dict[str, str] = {"True": _("はい"), "False": _("いいえ")}
    return words.get(text, text)


def _counts(text: str) -> dict[str, int]:
    """「listings 3; contacts 1」 as table → count."""
    parts = (part.rpartition(" ") for part in text.split("; "))
    return {table: int(count) for table, _space, count in parts if count.isdigit()}


def _actions() -> dict[str, str]:
    return {
        "organization.created": _("登録の下書きを作成"),
        "organization.changed": _("内容を変更"),
        "organization.submitted": _("提出"),
        "organization.approved": _("承認"),
        "organization.returned": _("差し戻し"),
        "organization.archived": _("登録を終了"),
        "organization.restored": _("登録を再開"),
        "organization.merged": _("重複した登録を統合"),
        "organization.unmerged": _("統合を取り消し"),
        "organization.absorbed": _("ほかの登録に統合"),
        "organization.given_back": _("統合から戻った"),
        "organization.compared": _("重複かどうかを判断"),
        "organization.numbers_changed": _("番号を変更"),
        "consent.recorded": _("同意を記録"),
        "contact.added": _("連絡先を追加"),
        "contact.changed": _("連絡先を変更"),
        "contact.removed": _("連絡先を削除"),
        "membership.started": _("会員が参加"),
        "membership.changed": _("会員の役割を変更"),
        "membership.ended": _("会員の参加を終了"),
    }


def field_labels() -> dict[str, str]:
    """Names of fields as the log has them, in the order of the page."""
    return {
        "kind": _("種別"),
        "name": _("名称"),
        "kana": _("フリガナ"),
        "name_en": _("英語の名称"),
        "corporate_number": _("法人番号"),
        "invoice_number": _("適格請求書発行事業者の登録番号"),
        "invoice_status": _("登録番号の状態"),
        "invoice_checked_on": _("登録番号を確かめた日"),
        "former_number": _("以前の法人番号"),
        "industry": _("業種"),
        "capital_yen": _("資本金（円）"),
        "employees": _("常時使用する従業員"),
        "municipality": _("市区町村"),
        "address": _("所在地"),
        "website": _("ウェブサイト"),
        "summary": _("紹介文"),
        "summary_en": _("英語の紹介文"),
        "state": _("状態"),
        "state_reason": _("理由"),
        "approved_on": _("承認日"),
        "archived_on": _("終了日"),
        "about": _("同意の内容"),
        "given_by": _("同意した人"),
        "way": _("同意の方法"),
        "given_on": _("同意の日"),
        "evidence": _("証拠の所在"),
        "contact_name": _("氏名"),
        "contact_kana": _("フリガナ"),
        "contact_role": _("部署・役職"),
        "contact_email": _("メールアドレス"),
        "contact_phone": _("電話"),
        "member": _("会員"),
        "is_manager": _("管理担当"),
        "merged": _("統合した登録"),
        "moved": _("移した記録"),
        "survivor": _("残した登録"),
        "pair": _("比べた登録"),
        "word": _("判断"),
    }
