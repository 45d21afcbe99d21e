"""The table of listings (案件): needs and seeds of organizations."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from registry.common.calendar import tokyo_day
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.batch import Batch
from registry.exchange.columns import Context, Effect, Kind
from registry.exchange.filters import listing_filter
from registry.exchange.kinds.listing_columns import COLUMNS
from registry.exchange.references import resolve_organizations
from registry.exchange.running import Rules, run_rows
from registry.exchange.verdicts import Verdict
from registry.listings import service
from registry.listings.categories import as_typed, read_fields
from registry.listings.content import Content, content_of
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.listings.queries import found_listings, is_redacted, owner_line
from registry.office.settings import office
from registry.organizations.profile import Word

State = ListingState
ABOUT = "案件の公開"


def run(batch: Batch, context: Context) -> list[Verdict]:
    """Put the rows to the listings room's service."""
    return run_rows(batch, context, RULES)


def _prepare(batch: Batch, context: Context) -> None:
    resolve_organizations(batch, context.viewer, "organization", number_key="organization_number")
    batch.values.pop("organization_number", None)


def _find(batch: Batch, place: int, context: Context) -> Listing | None:
    if public_id := batch.get("id", place):
        row = db.session.scalar(select(Listing).where(Listing.public_id == public_id))
        if row is not None:
            return row
    kind, owner = batch.get("kind", place), batch.get("organization", place)
    reference = batch.get("reference", place)
    if isinstance(reference, str) and (found := re.fullmatch(r"([NS])-?(\d{1,9})", reference)):
        wanted = ListingKind.NEED if found[1] == "N" else ListingKind.SEED
        row = db.session.scalar(
            select(Listing).where(Listing.kind == wanted, Listing.number == int(found[2]))
        )
        if row is not None and (owner is None or row.organization_id == owner.id):
            return row
    if owner is None:
        raise DomainError(_("企業・団体を入力してください。"), field="organization")
    return db.session.scalar(
        select(Listing)
        .where(
            Listing.kind == kind,
            Listing.organization_id == owner.id,
            Listing.title == batch.get("title", place),
        )
        .order_by(Listing.id.desc())
        .limit(1)
    )


def stored(row: Listing) -> dict[str, Any]:
    """What is stored of a listing, by column."""
    consent = row.consent
    return {
        "kind": row.kind,
        "organization": row.organization,
        "category": row.category,
        "title": row.title,
        "description": row.description,
        "keywords": list(row.keywords),
        "fields": {name: as_typed(value) for name, value in row.fields.items()},
        "visibility": row.visibility,
        "anonymous": row.anonymous,
        "valid_until": row.valid_until,
        "state": row.state,
        "consent_by": consent.given_by if consent else "",
        "consent_way": consent.way if consent else None,
        "consent_on": consent.given_on if consent else None,
    }


def _content(values: Mapping[str, Any], context: Context, before: Content | None) -> Content:
    category = values.get("category") or Category.TECHNOLOGY
    typed = {name: str(value) for name, value in (values.get("fields") or {}).items()}
    read, problems = read_fields(category, typed)
    if problems and (before is None or typed != {k: as_typed(v) for k, v in before.fields.items()}):
        raise DomainError(
            _("分類の項目「%(name)s」を確かめてください。", name=problems[0].name), field="fields"
        )
    return Content(
        category=category,
        title=values.get("title", ""),
        visibility=values.get("visibility") or Visibility.STAFF,
        valid_until=values.get("valid_until")
        or context.today + timedelta(days=office().listing_days),
        description=values.get("description") or "",
        keywords=tuple(values.get("keywords") or ()),
        fields=read,
        anonymous=bool(values.get("anonymous")),
    )


def _word(values: Mapping[str, Any]) -> Word | None:
    by, way, on = (values.get(key) for key in ("consent_by", "consent_way", "consent_on"))
    if not (by and way and isinstance(on, date)):
        return None
    return Word(about=ABOUT, given_by=by, way=way, given_on=on)


def _create(values: Mapping[str, Any], context: Context) -> Listing:
    row = service.create_listing(
        _content(values, context, None),
        kind=values["kind"],
        organization=values["organization"],
        viewer=context.viewer,
        today=context.today,
        consent=_word(values),
    )
    if row.consent is not None:
        context.effects.append(Effect("consents", row.consent.public_id, row.consent.version))
    _move(row, values.get("state") or State.DRAFT, context)
    return row


def _change(
    row: Listing, wanted: Mapping[str, Any], changed: Mapping[str, Any], context: Context
) -> None:
    for key in ("organization", "kind"):
        if key in changed:
            raise DomainError(
                _("案件の種別と企業・団体は変えられません。新しい案件にしてください。"), field=key
            )
    consent = {"consent_by", "consent_way", "consent_on"} & changed.keys()
    before = row.consent
    service.change_listing(
        row,
        _content(wanted, context, content_of(row)),
        version=None,
        viewer=context.viewer,
        today=context.today,
        consent=_word(wanted) if consent else None,
    )
    if row.consent is not None and row.consent is not before:
        context.effects.append(Effect("consents", row.consent.public_id, row.consent.version))
    if "state" in changed:
        _move(row, changed["state"], context)


def _move(row: Listing, state: ListingState, context: Context) -> None:
    """Take a listing to the state that the file says, by the room's own steps."""
    if row.state is state:
        return
    who = {"viewer": context.viewer, "today": context.today}
    if row.state in (State.DRAFT, State.RETURNED) and state in (State.SUBMITTED, State.PUBLISHED):
        service.submit_listing(row, publish=state is State.PUBLISHED, **who)  # type: ignore[arg-type]
    elif row.state is State.SUBMITTED and state is State.PUBLISHED:
        service.publish_listing(row, **who)  # type: ignore[arg-type]
    elif row.state in (State.PUBLISHED, State.EXPIRED) and state is State.CLOSED:
        service.close_listing(row, reason=_("一覧の取り込み"), viewer=context.viewer)
    else:
        raise DomainError(
            _("この状態へは、取り込みでは変えられません。画面で変えてください。"), field="state"
        )


def _identity(batch: Batch, place: int) -> Any:
    owner = batch.get("organization", place)
    key = batch.get("id", place) or batch.get("reference", place)
    return key or (batch.get("kind", place), getattr(owner, "id", None), batch.get("title", place))


RULES = Rules(
    find=_find,
    stored=stored,
    create=_create,
    change=_change,
    label=lambda batch, place: batch.text("title", place),
    prepare=_prepare,
    fields={"keywords": "keywords"},
    empties={"keywords": [], "fields": {}, "anonymous": False},
    identity=_identity,
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The listings on screen, newest first."""
    return found_listings(listing_filter(asked, viewer), viewer)


def values(found: Sequence[Listing], viewer: Viewer) -> list[dict[str, Any]]:
    """What the viewer may know of each: an anonymous owner's line instead of its name, and only
    title, category and keywords where partners see no more."""
    told = []
    for row in found:
        entry = stored(row)
        entry["organization"] = owner_line(row, viewer)
        if is_redacted(row, viewer):
            entry |= {"description": "", "fields": {}}
        own = viewer.is_staff
        told.append(
            {
                "id": row.public_id,
                "reference": row.reference,
                "organization_number": row.organization.corporate_number if own else "",
                "published_on": tokyo_day(row.published_at) if row.published_at else None,
                **entry,
            }
        )
    return told


KIND = Kind(
    code="listings",
    title=lambda: str(_l("案件")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("listings",),
    list_endpoint="listings.index",
    page_endpoint="listings.show",
    reads_permission="listings.read",
)
