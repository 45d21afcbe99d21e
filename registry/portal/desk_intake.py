"""The desk's groups about what comes in: reviews, applications, suggestions."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.common.calendar import tokyo_day
from registry.db import db
from registry.listings.models import Listing
from registry.organizations.models import Invitation, Organization, OrganizationState
from registry.portal import desk_queries as queries
from registry.portal.desk_parts import (
    LATE_REVIEW,
    SHOWN,
    Action,
    Group,
    Row,
    first_rows,
    late,
    links,
    waiting_mark,
)
from registry.portal.desk_queries import Scope
from registry.portal.links import address
from registry.suggestions.models import Decision
from registry.web.i18n import day as day_words
from registry.web.i18n import pick


def reviews(scope: Scope, found: dict[str, int]) -> Group:
    """Organizations, listings and applications that wait for the office's word."""
    waiting: list[tuple[date, Row]] = [
        *(
            _organization_review(o, scope)
            for o in first_rows(queries.submitted_organizations(scope))
        ),
        *(_listing_review(i, scope) for i in first_rows(queries.submitted_listings(scope))),
        *(_application(i, scope) for i in first_rows(queries.applications(scope))),
    ]
    waiting.sort(key=lambda pair: pair[0])
    late_ones = sum((scope.today - since).days >= LATE_REVIEW for since, _row in waiting)
    return Group(
        "reviews",
        _("審査"),
        found["organizations"] + found["listings"] + found["applications"],
        [row for _since, row in waiting[:SHOWN]],
        sub=_("%(number)s 日以上 %(late)s 件", number=LATE_REVIEW, late=late_ones)
        if late_ones
        else "",
        lists=_review_lists(found),
    )


def _review_lists(found: dict[str, int]) -> tuple[Action, ...]:
    """The rooms' own lists of what waits, each with its number."""
    submitted = OrganizationState.SUBMITTED.value
    lists = (
        ("listings", _("案件"), address("listing_review.queue")),
        ("organizations", _("企業・団体"), address("organizations.index", state=submitted)),
        ("applications", _("参加の申込"), address("joining_office.index")),
    )
    return links(
        *((_("%(what)s %(number)s 件", what=what, number=found[code]), url)
          for code, what, url in lists if found[code])
    )  # fmt: skip


def _organization_review(organization: Organization, scope: Scope) -> tuple[date, Row]:
    since = tokyo_day(organization.submitted_at) if organization.submitted_at else scope.today
    url = address(
        "organization_review.review", "organizations.show", public_id=organization.public_id
    )
    return since, Row(
        title=pick(organization.name, organization.name_en),
        url=url or "",
        text=_("（企業・団体の登録）"),
        meta=(_("%(day)s提出", day=day_words(since)),),
        marks=waiting_mark(since, scope.today),
        actions=links((_("確かめて承認する"), url)),
    )


def _listing_review(listing: Listing, scope: Scope) -> tuple[date, Row]:
    since = tokyo_day(listing.submitted_at) if listing.submitted_at else scope.today
    url = address("listings.show", public_id=listing.public_id)
    queue = address("listing_review.queue")
    return since, Row(
        title=listing.title,
        url=url or "",
        kind=listing.kind.value,
        meta=(
            listing.reference,
            pick(listing.organization.name, listing.organization.name_en),
            _("%(day)s提出", day=day_words(since)),
        ),
        marks=waiting_mark(since, scope.today),
        actions=links((_("読んで公開する"), url or queue)),
    )


def _application(invitation: Invitation, scope: Scope) -> tuple[date, Row]:
    since = tokyo_day(invitation.updated_at)
    url = address("joining_office.answer", "joining_office.index", public_id=invitation.public_id)
    return since, Row(
        title=invitation.organization_name or invitation.name,
        url=url or "",
        text=_("（参加の申込）"),
        meta=(invitation.name, _("%(day)s申込", day=day_words(since))),
        marks=waiting_mark(since, scope.today),
        actions=links((_("申込に答える"), url)),
    )


def suggestions(scope: Scope, found: dict[str, int]) -> Group:
    """Needs with strong suggestions that nobody has decided."""
    shown: Any = db.session.execute(queries.strong_needs(scope).limit(SHOWN)).unique()
    rows = []
    for need, number, best in shown:
        url = address("suggestions.workbench", public_id=need.public_id) or ""
        score = _("最高 %(score)s 点", score=round(best))
        pairs = ngettext("候補 %(num)s 件", "候補 %(num)s 件", number)
        name = pick(need.organization.name, need.organization.name_en)
        rows.append(
            Row(
                title=need.title,
                url=url,
                kind=need.kind.value,
                meta=(need.reference, name, score, pairs),
                actions=links((_("候補を見る"), url)),
            )
        )
    return Group(
        "suggestions",
        _("新しい候補"),
        found["suggestions"],
        rows,
        sub=_("%(score)s 点以上・点の順", score=scope.office.strong_score),
        lists=links((_("候補の一覧"), address("suggestions.index"))),
    )


def deferred(scope: Scope, found: dict[str, int]) -> Group:
    """Pairs put aside until today."""
    rows = [_deferred_row(row, scope) for row in first_rows(queries.deferred(scope))]
    return Group(
        "deferred", _("保留の期限"), found["deferred"], rows, sub=_("決め直す日が来ました")
    )


def _deferred_row(row: Decision, scope: Scope) -> Row:
    url = address("suggestions.workbench", public_id=row.need.public_id, seed=row.seed.public_id)
    return Row(
        title=row.need.title,
        url=url or "",
        kind=row.need.kind.value,
        text=_("×　%(seed)s", seed=row.seed.title),
        meta=(
            f"{row.need.reference} × {row.seed.reference}",
            _("保留は %(day)s まで", day=day_words(row.until)),
        ),
        marks=late(row.until, scope.today),
        actions=links((_("決め直す"), url)),
    )
