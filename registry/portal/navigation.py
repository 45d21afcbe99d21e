"""The main menu of a viewer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from registry.common.roles import Role
from registry.common.viewer import Viewer


@dataclass(frozen=True)
class MenuItem:
    """One entry: its words, address, whether the page is within it, and what waits there."""

    label: str
    url: str
    current: bool
    count: int | None = None


def menu(viewer: Viewer, counts: Mapping[str, int] | None = None) -> list[MenuItem]:
    """The entries that the viewer's role may open, in the order of the day's work."""
    entries = [
        (label, endpoint, values)
        for label, endpoint, permission, values in _entries(viewer)
        if viewer.may(permission) and endpoint in current_app.view_functions
    ]
    here = _place([endpoint for _label, endpoint, _values in entries])
    return [
        MenuItem(
            label=label,
            url=url_for(endpoint, **values),
            current=endpoint == here,
            count=(counts or {}).get(endpoint) or None,
        )
        for label, endpoint, values in entries
    ]


Entry = tuple[str, str, str, dict[str, Any]]


def _entries(viewer: Viewer) -> list[Entry]:
    builders: dict[bool, Callable[[], list[Entry]]] = {True: _staff, False: _others}
    entries = builders[viewer.is_staff]()
    if viewer.role is Role.MEMBER:
        entries.insert(0, (_("わが社のページ"), "organizations.own", "organizations.edit", {}))
    if viewer.role is Role.ADMINISTRATOR:
        entries.append((_("管理"), "office.administration", "office.administer", {}))
    return entries


def _staff() -> list[Entry]:
    return [
        (_("今日の仕事"), "portal.desk", "desk.use", {}),
        (_("案件"), "listings.index", "listings.read", {}),
        (_("候補"), "suggestions.index", "suggestions.decide", {}),
        (_("マッチング"), "cases.index", "cases.read", {}),
        (_("相談・訪問"), "encounters.index", "encounters.read", {}),
        (_("企業・団体"), "organizations.index", "organizations.read", {}),
        (_("支援制度"), "programs.index", "programs.read", {}),
        (_("月次報告"), "reports.current", "reports.read", {}),
        (_("受付"), "intake.index", "intake.work", {}),
        (pgettext("room", "施設"), "places.index", "places.read", {}),
        (_("イベント"), "events.index", "events.read", {}),
        (_("年次の成果"), "yearly.current", "yearly.read", {}),
        (_("施策と指標"), "policy.index", "policy.read", {}),
        (_("表の取込み"), "exchange.index", "exchange.import", {}),
    ]


def _others() -> list[Entry]:
    return [
        (_("受付"), "intake.index", "intake.work", {}),
        (_("案件"), "listings.index", "listings.read", {}),
        (_("届いた候補"), "suggestions.own", "suggestions.read", {}),
        (_("マッチング"), "cases.index", "cases.read", {}),
        (_("企業・団体"), "organizations.index", "organizations.read", {}),
        (_("支援制度"), "programs.index", "programs.read", {}),
        (_("イベント"), "events.index", "events.read", {}),
        (_("月次報告"), "reports.current", "reports.read", {}),
        (_("年次の成果"), "yearly.current", "yearly.read", {}),
        (pgettext("room", "施設"), "places.index", "places.read", {}),
        (_("問い合わせと依頼"), "asking.own", "intake.follow", {}),
        (_("施策と指標"), "policy.index", "policy.read", {}),
    ]


ROOM_PAGES = {"index", "current"}
"""Entries that stand for a whole room."""
ROOMS = {"policy": "planning"}
"""Where the pages of an entry are served, when it is not the room of its name."""
ADMINISTRATION = ("registry.office.", "registry.audit.", "registry.notifications.",
                  "registry.accounts.administration_views")  # fmt: skip
"""Where the administrator's pages are served."""
ELSEWHERE = {
    "handover.index": "cases.index",
    "handover.show": "cases.index",
    "closing.confirm": "reports.current",
    "closing.restate": "reports.current",
    "yearly.show": "yearly.current",
    "yearly.rows": "yearly.current",
    "portal.organization_record": "organizations.index",
    "directions.partners": "organizations.index",
    "directions.organization_programs": "organizations.index",
    "directions.listing_programs": "listings.index",
    "desks.index": "encounters.index",
    "desks.show": "encounters.index",
    "words.index": "suggestions.index",
    "words.edit": "suggestions.index",
    "words.reset": "suggestions.index",
    "words.tell": "suggestions.index",
    "words.withdraw": "listings.index",
    "newsletters.index": "programs.index",
    "newsletters.show": "programs.index",
    "newsletters.preview": "programs.index",
    "creators.index": "listings.index",
    "creators.find": "listings.index",
}
"""Pages that belong to another room than the one that serves them."""


def _place(endpoints: list[str]) -> str:
    """The one entry under which this page lies; empty when none. A page that is an entry itself
    lies under no other."""
    page = request.endpoint or ""
    if page in endpoints:
        return page
    if page in ELSEWHERE:
        return ELSEWHERE[page]
    view = current_app.view_functions.get(page)
    module = view.__module__ if view else ""
    if module.startswith(ADMINISTRATION):
        return "office.administration"
    for endpoint in endpoints:
        room, _dot, name = endpoint.partition(".")
        if name in ROOM_PAGES and module.startswith(f"registry.{ROOMS.get(room, room)}."):
            return endpoint
    return ""
