"""Scopes of API tokens: what a key may be used for, never more than its owner may do."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask_babel import gettext as _

from registry.common.roles import Role, may


class Scope(StrEnum):
    """One room, read or written. Writing a room takes reading it in."""

    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_WRITE = "organizations:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    LISTINGS_READ = "listings:read"
    LISTINGS_WRITE = "listings:write"
    PROGRAMS_READ = "programs:read"
    PROGRAMS_WRITE = "programs:write"
    PLACES_READ = "places:read"
    PLACES_WRITE = "places:write"
    ENCOUNTERS_READ = "encounters:read"
    ENCOUNTERS_WRITE = "encounters:write"
    SUGGESTIONS_READ = "suggestions:read"
    SUGGESTIONS_WRITE = "suggestions:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    REPORTS_READ = "reports:read"
    POLICY_READ = "policy:read"
    READINGS_READ = "readings:read"
    READINGS_WRITE = "readings:write"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"


PERMISSION: Mapping[Scope, str] = {
    Scope.ORGANIZATIONS_READ: "organizations.read",
    Scope.ORGANIZATIONS_WRITE: "organizations.edit",
    Scope.CONTACTS_READ: "organizations.edit",
    Scope.CONTACTS_WRITE: "organizations.edit",
    Scope.LISTINGS_READ: "listings.read",
    Scope.LISTINGS_WRITE: "listings.write",
    Scope.PROGRAMS_READ: "programs.read",
    Scope.PROGRAMS_WRITE: "programs.operate",
    Scope.PLACES_READ: "places.read",
    Scope.PLACES_WRITE: "places.book",
    Scope.ENCOUNTERS_READ: "encounters.read",
    Scope.ENCOUNTERS_WRITE: "encounters.record",
    Scope.SUGGESTIONS_READ: "suggestions.read",
    Scope.SUGGESTIONS_WRITE: "suggestions.decide",
    Scope.CASES_READ: "cases.read",
    Scope.CASES_WRITE: "cases.work",
    Scope.REPORTS_READ: "reports.read",
    Scope.POLICY_READ: "policy.read",
    Scope.READINGS_READ: "yearly.open",
    Scope.READINGS_WRITE: "policy.edit",
    Scope.EVENTS_READ: "events.read",
    Scope.EVENTS_WRITE: "events.write",
}
"""Scope → the permission without which it opens nothing."""


def scopes_for(role: Role) -> list[Scope]:
    """The scopes that are of use to a role, in their order."""
    return [scope for scope in Scope if may(role, PERMISSION[scope])]


def covers(granted: Iterable[str], wanted: Scope) -> bool:
    """Whether the scopes granted take the wanted one in."""
    room, _colon, _verb = wanted.partition(":")
    held = set(granted)
    return wanted.value in held or (wanted.endswith(":read") and f"{room}:write" in held)


def scope_label(scope: Scope) -> str:
    """What a scope lets a program do."""
    return {
        Scope.ORGANIZATIONS_READ: _("企業・団体を読む（あなたに見える範囲で）"),
        Scope.ORGANIZATIONS_WRITE: _("企業・団体の登録を書く"),
        Scope.CONTACTS_READ: _("連絡先（個人情報）を読む"),
        Scope.CONTACTS_WRITE: _("連絡先（個人情報）を書く"),
        Scope.LISTINGS_READ: _("案件（ニーズ・シーズ）を読む"),
        Scope.LISTINGS_WRITE: _("案件（ニーズ・シーズ）を書く"),
        Scope.PROGRAMS_READ: _("支援制度と申込・採択を読む"),
        Scope.PROGRAMS_WRITE: _("申込・採択を書く"),
        Scope.PLACES_READ: _("施設と空きを読む"),
        Scope.PLACES_WRITE: _("施設を予約する・入居を記録する"),
        Scope.ENCOUNTERS_READ: _("相談・訪問の記録を読む"),
        Scope.ENCOUNTERS_WRITE: _("相談・訪問を記録する"),
        Scope.SUGGESTIONS_READ: _("候補を読む"),
        Scope.SUGGESTIONS_WRITE: _("候補を保留・見送りにする"),
        Scope.CASES_READ: _("マッチングを読む"),
        Scope.CASES_WRITE: _("マッチングを進める"),
        Scope.REPORTS_READ: _("月次報告の数字を読む"),
        Scope.POLICY_READ: _("施策・指標・年度の成果を読む"),
        Scope.READINGS_READ: _("手で報告された指標の値を読む"),
        Scope.READINGS_WRITE: _("指標の値を書く・訂正する"),
        Scope.EVENTS_READ: _("イベントを読む"),
        Scope.EVENTS_WRITE: _("イベントの開催回と数値を書く"),
    }[scope]
