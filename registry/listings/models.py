"""Listings (案件): seeds and needs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.db import Base, Public, word
from registry.organizations.models import Consent, Organization


class ListingKind(StrEnum):
    """Seed: what somebody can offer. Need: what somebody looks for."""

    SEED = "seed"
    NEED = "need"


class Category(StrEnum):
    """What a listing is about; some categories ask typed fields (`listings.categories`)."""

    PATENT = "patent"
    TECHNOLOGY = "technology"
    PRODUCT = "product"
    MATERIAL = "material"
    LAND = "land"
    FACILITY = "facility"
    DESIGN = "design"
    MARKET = "market"
    CAPITAL = "capital"
    LABOUR = "labour"
    FIELD_TRIAL = "field_trial"


class Visibility(StrEnum):
    """Who sees a published listing: everybody, signed-in members, or staff alone."""

    PUBLIC = "public"
    MEMBERS = "members"
    STAFF = "staff"


class ListingState(StrEnum):
    """Where a listing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    EXPIRED = "expired"
    CLOSED = "closed"


class Listing(Public, Base):
    """One seed or one need of an organization.

    Anonymous ones show industry, ward and size, never the name. A listing that ended is kept for
    the reports.
    """

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index("ix_listings_kind_state", "kind", "state"),
    )

    number: Mapped[int]
    kind: Mapped[ListingKind] = mapped_column(word(ListingKind))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    category: Mapped[Category] = mapped_column(word(Category), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(5), default="ja")
    visibility: Mapped[Visibility] = mapped_column(word(Visibility))
    anonymous: Mapped[bool] = mapped_column(default=False)
    # Set at review where the ward would give an anonymous owner away.
    hide_place: Mapped[bool] = mapped_column(default=False)
    valid_until: Mapped[date]
    state: Mapped[ListingState] = mapped_column(word(ListingState))
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]
    # Folded title, keywords, category and number: what partners may search in.
    search_head: Mapped[str] = mapped_column(Text, default="")
    # The folded head, description and typed fields; never the owner's name (`listings.search`).
    search_text: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The consent by which staff entered it for the organization.
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)
    consent: Mapped[Consent | None] = relationship()
    entered_by: Mapped[User | None] = relationship()

    @property
    def reference(self) -> str:
        """The number people say on the telephone: N-0412, S-1187."""
        return f"{'N' if self.kind is ListingKind.NEED else 'S'}-{self.number:04d}"

    @property
    def is_open(self) -> bool:
        """Whether it takes part in matching."""
        return self.state is ListingState.PUBLISHED
