"""Listings: seeds and needs as the reader may see them; anonymous ones without any name."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from flask_babel import gettext as _
from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, Moment, Record, SearchQuery, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, FLAG, INTEGRAL, Text
from registry.api.v1.organizations import ConsentPart, NoBody
from registry.api.v1.owners import Owner, owner_of
from registry.api.v1.shared import changed_since, wanted
from registry.common import calendar
from registry.common.errors import DomainError
from registry.common.hidden import hidden_character
from registry.common.viewer import Viewer
from registry.listings import content as rules
from registry.listings import drafting, service
from registry.listings.categories import as_typed, fields_of, read_fields
from registry.listings.content import Content, content_of
from registry.listings.models import Category, Listing, ListingKind, ListingState, Visibility
from registry.listings.queries import (
    ListingFilter,
    found_listings,
    get_listing,
    is_redacted,
)
from registry.organizations.models import Organization
from registry.organizations.profile import Word
from registry.organizations.queries import get_organization, own_organization

Amount = Annotated[int, Field(ge=0, le=10**15), INTEGRAL] | Annotated[float, Field(ge=0, le=10**15)]
Words = list[Annotated[str, Field(max_length=80)]]
Typed = dict[str, Annotated[str, Field(max_length=500)] | Amount | Words]
ABOUT = "案件「{}」の登録"


class ListingBody(Body):
    """What an author decides. A draft may lack anything but its title; what it leaves open is the
    cautious choice: staff only and anonymous."""

    category: Category = Field(Category.TECHNOLOGY, description="分類 / Category")
    title: Annotated[str, Text(rules.TITLE_MAX, needed=True)] = Field(
        description="件名 / Title", examples=["めっき後の細い溝に残る薬液を短い時間で取り除きたい"]
    )
    description: Annotated[str, Text(rules.DESCRIPTION_MAX, lines=True)] = Field(
        "", description="内容 / Description"
    )
    keywords: Annotated[
        list[Annotated[str, Text(rules.KEYWORD_MAX, needed=True)]],
        Field(max_length=rules.KEYWORDS_MOST),
    ] = Field([], description="キーワード / Keywords")
    fields: Annotated[Typed, Field(max_length=20)] = Field(
        {}, description="分類ごとの項目 / The category's own fields, by name"
    )
    visibility: Visibility = Field(Visibility.STAFF, description="見せる範囲 / Who sees it")
    anonymous: bool = Field(True, description="匿名 / Without the name")
    valid_until: Annotated[date, DAY] | None = Field(
        None, description="募集の期限。null は既定の長さ / Last day; null: the usual period"
    )


class NewListing(ListingBody):
    """A new draft of a seed or a need."""

    kind: ListingKind = Field(description="ニーズかシーズ / Need or seed")
    organization: Id | None = Field(
        None, description="持ち主。会員は null で自社 / Owner; members leave it null"
    )
    consent: ConsentPart | None = Field(None, description="代行入力の同意 / Consent, by staff")


class SubmitBody(Body):
    """Handing in; staff may publish at once."""

    publish: bool = Field(False, description="すぐに公開する（事務局） / Publish at once, by staff")


class RenewBody(Body):
    """A later last day."""

    valid_until: Annotated[date, DAY] = Field(description="新しい期限 / The new last day")


class ReasonBody(Body):
    """Why something is done."""

    reason: Annotated[str, Text(500, needed=True, lines=True)] = Field(description="理由 / Reason")


class ListingRecord(Record):
    """One seed or need. Of listings for members, partners read title, category and keywords only:
    then `redacted` is true, and text and fields are empty."""

    id: str = Field(description="公開 ID / Public id")
    reference: str = Field(description="電話で言う番号 / Number to say on the telephone")
    kind: ListingKind
    category: Category
    title: str
    description: str
    keywords: list[str]
    fields: dict[str, Any]
    language: str = Field(description="書かれた言語 / Language it is written in")
    visibility: Visibility
    anonymous: bool
    redacted: bool
    owner: Owner
    valid_until: str = Field(json_schema_extra={"format": "date"})
    state: ListingState
    state_reason: str = Field(
        description="状態の理由（本人と事務局だけ） / Why, for owner and staff"
    )
    published_at: Moment | None
    illustrative: bool
    created_at: Moment
    updated_at: Moment


class ListingQuery(SearchQuery):
    """Listings, narrowed; without a state the published ones."""

    kind: ListingKind | None = Field(
        None, description="ニーズかシーズ / Need or seed", strict=False
    )
    category: Category | None = Field(None, description="分類 / Category", strict=False)
    state: ListingState | None = Field(None, description="状態 / State", strict=False)
    own: Annotated[bool, FLAG] = Field(False, description="自社のものだけ / One's own only")


def show(row: Listing, viewer: Viewer) -> ListingRecord:
    """The listing as the page shows it."""
    redacted = is_redacted(row, viewer)
    own = viewer.is_staff or viewer.belongs_to(row.organization_id)
    return ListingRecord(
        id=row.public_id,
        reference=row.reference,
        kind=row.kind,
        category=row.category,
        title=row.title,
        description="" if redacted else row.description,
        keywords=list(row.keywords),
        fields={} if redacted else dict(row.fields),
        language=row.language,
        visibility=row.visibility,
        anonymous=row.anonymous,
        redacted=redacted,
        owner=owner_of(row, viewer),
        valid_until=row.valid_until.isoformat(),
        state=row.state,
        state_reason=row.state_reason if own else "",
        published_at=row.published_at,
        illustrative=row.illustrative,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def find(query: ListingQuery, viewer: Viewer) -> Select[Listing]:
    """The list's statement; what changed is asked of every state, so that an end is seen."""
    asked = ListingFilter(
        text=query.q,
        kind=query.kind,
        category=query.category,
        state=query.state,
        every_state=query.modified_after is not None and query.state is None,
        own=query.own,
    )
    return changed_since(found_listings(asked, viewer), Listing, query.modified_after)


def get(viewer: Viewer, listing_id: str) -> Listing:
    """One listing."""
    return get_listing(listing_id, viewer)


def create(body: NewListing, viewer: Viewer) -> Listing:
    """Write a draft, for one's own organization or as staff for another."""
    consent = body.consent
    word = Word(about=ABOUT.format(body.title), **dict(consent)) if consent else None
    draft = Content(body.category, body.title, body.visibility, drafting.last_day())
    return service.create_listing(
        _content(draft, body, frozenset(ListingBody.model_fields)),
        kind=body.kind,
        organization=_owner_meant(body.organization, viewer),
        consent=word,
        viewer=viewer,
        today=calendar.today(),
    )


def change(row: Listing, body: Any, version: int | None, viewer: Viewer) -> None:
    """Write anew what was sent."""
    content = _content(content_of(row), body, frozenset(body.model_fields_set))
    service.change_listing(row, content, version=version, viewer=viewer, today=calendar.today())


def submit(row: Listing, body: SubmitBody, viewer: Viewer) -> None:
    """Hand in, or publish."""
    service.submit_listing(row, publish=body.publish, viewer=viewer, today=calendar.today())


def renew(row: Listing, body: RenewBody, viewer: Viewer) -> None:
    """Show it longer."""
    service.renew_listing(
        row, until=body.valid_until, version=None, viewer=viewer, today=calendar.today()
    )


def close(row: Listing, body: ReasonBody, viewer: Viewer) -> None:
    """Take it off the list for good."""
    service.close_listing(row, reason=body.reason, viewer=viewer)


def _owner_meant(public_id: str | None, viewer: Viewer) -> Organization:
    if public_id is not None:
        return wanted(get_organization, public_id, viewer, "organization")
    own = own_organization(viewer)
    if own is None:
        raise DomainError(_("だれの案件かを organization に入れてください。"), field="organization")
    return own


def _content(before: Content, body: Any, given: frozenset[str]) -> Content:
    """What a listing says after the members that were given; fields of another category go."""
    values = {name: getattr(body, name) for name in given}
    if values.get("valid_until", before) is None:
        values["valid_until"] = drafting.last_day()
    if "keywords" in values:
        values["keywords"] = tuple(dict.fromkeys(values["keywords"]))
    after = replace(before, **values)
    return replace(after, fields=_fields(after, given="fields" in given))


def _fields(content: Content, *, given: bool) -> dict[str, Any]:
    """The category's own fields, read as from the form. Raises DomainError at one that cannot
    stand."""
    names = {spec.name for spec in fields_of(content.category)}
    unknown = sorted(set(content.fields) - names)
    if given and unknown:
        raise DomainError(_("この分類には、この項目はありません。"), field=f"fields/{unknown[0]}")
    typed = {name: as_typed(value) for name, value in content.fields.items() if name in names}
    hidden = [name for name, value in typed.items() if hidden_character(value)]
    if hidden:
        raise DomainError(_("見えない文字が含まれています。"), field=f"fields/{hidden[0]}")
    values, problems = read_fields(content.category, typed)
    wrong = [problem for problem in problems if problem.code != "missing"]
    if wrong:
        detail = _("この項目の値として読めません（%(code)s）。", code=wrong[0].code)
        raise DomainError(detail, field=f"fields/{wrong[0].name}")
    return values


listings = Resource(
    name="listings",
    path="/listings",
    key="listing_id",
    tag=Tag("listings", "案件：ニーズとシーズ / Listings: needs and seeds"),
    words="案件 / listings",
    record=ListingRecord,
    show=show,
    get=get,
    read=Scope.LISTINGS_READ,
    write=Scope.LISTINGS_WRITE,
)
listings.lists(ListingQuery, find)
listings.gets()
listings.creates(NewListing, create)
listings.changes(patch_of(ListingBody, "ListingPatch"), change)
listings.steps("submit", SubmitBody, submit, "審査に出す / Hand in for review")
listings.steps(
    "withdraw",
    NoBody,
    lambda row, _body, viewer: service.withdraw_listing(row, viewer=viewer),
    "審査から戻す / Take back from review",
)
listings.steps("renew", RenewBody, renew, "期限を延ばす / Show for longer")
listings.steps("close", ReasonBody, close, "終了する / Close")
