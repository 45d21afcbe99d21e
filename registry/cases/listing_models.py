"""Further needs and seeds of a case, beside the main pair that stands in the case itself."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.cases.models import Case, Side
from registry.db import Base, Public
from registry.listings.models import Listing, ListingKind


class CaseListing(Public, Base):
    """One further need or seed that a case is about. Its organization is a party, asked like all.

    `role` is what the organization does for it (設計, 制御 …). A removed one stays, so that it can
    be put back. The main pair is never here: what stands in one place cannot contradict another.
    """

    __tablename__ = "case_listings"
    __table_args__ = (UniqueConstraint("case_id", "listing_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), index=True)
    role: Mapped[str] = mapped_column(String(80), default="")
    # What the others read of it before consent; staff keep every identifying word out of it.
    blind_summary: Mapped[str] = mapped_column(Text, default="")
    added_on: Mapped[date]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="further")
    listing: Mapped[Listing] = relationship()

    @property
    def side(self) -> Side:
        """On which side its organization stands."""
        return Side.NEED if self.listing.kind is ListingKind.NEED else Side.SEED


def further_of(case: Case) -> list[CaseListing]:
    """The further needs and seeds of a case, in the order in which they came."""
    return [row for row in case.further if row.removed_at is None]


def removed_of(case: Case) -> list[CaseListing]:
    """Those that were taken out and can be put back."""
    return [row for row in case.further if row.removed_at is not None]


def listings_in(case: Case, kind: ListingKind) -> list[Listing]:
    """All needs, or all seeds, of a case, the main one first."""
    main = case.need if kind is ListingKind.NEED else case.seed
    found = [main] if main else []
    return found + [row.listing for row in further_of(case) if row.listing.kind is kind]
