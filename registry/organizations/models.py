"""Organizations (企業・団体), their people, and how they came in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.common.roles import Role
from registry.db import Base, BigInt, Public, Searched, word


class OrganizationKind(StrEnum):
    """What an organization is."""

    COMPANY = "company"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    SUPPORTER = "supporter"
    MUNICIPALITY = "municipality"


class OrganizationState(StrEnum):
    """Where the registration of an organization stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ARCHIVED = "archived"


class ConsentWay(StrEnum):
    """How a word was given that somebody else recorded."""

    LINK = "link"
    TELEPHONE = "phone"
    PAPER = "paper"
    IN_PERSON = "in_person"
    MAIL = "mail"


class InvoiceStatus(StrEnum):
    """What the tax agency's public list said of an invoice number on the day it was checked."""

    UNCHECKED = ""
    REGISTERED = "registered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Organization(Public, Base):
    """One firm, university, institute, supporter or municipality, as the registry knows it."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("capital_yen >= 0", name="capital_not_negative"),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[OrganizationKind] = mapped_column(word(OrganizationKind))
    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(120), default="", index=True)
    name_en: Mapped[str] = mapped_column(String(160), default="")
    # Folded name without its legal form: finds duplicates.
    name_key: Mapped[str] = mapped_column(String(160), default="", index=True)
    # Folded text of all that search looks at.
    search_text: Mapped[str] = mapped_column(Text, default="")
    corporate_number: Mapped[str | None] = mapped_column(String(13), unique=True)
    # 適格請求書発行事業者の登録番号, T and 13 digits; a sole proprietor's is never public.
    invoice_number: Mapped[str | None] = mapped_column(String(14), index=True)
    invoice_status: Mapped[InvoiceStatus] = mapped_column(
        word(InvoiceStatus), default=InvoiceStatus.UNCHECKED
    )
    invoice_checked_on: Mapped[date | None]
    industry: Mapped[str] = mapped_column(String(4), default="", index=True)
    industry_revision: Mapped[str] = mapped_column(String(4), default="14")
    capital_yen: Mapped[int | None] = mapped_column(BigInt)
    employees: Mapped[int | None]
    municipality: Mapped[str] = mapped_column(String(5), default="", index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[OrganizationState] = mapped_column(word(OrganizationState), index=True)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    submitted_at: Mapped[datetime | None]
    approved_on: Mapped[date | None] = mapped_column(index=True)
    archived_on: Mapped[date | None]
    # Through whom the firm came: a chamber, a bank (情報が届かない企業へ).
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200), default="")

    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="organization", order_by="Contact.id", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="organization", order_by="Membership.id"
    )
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="organization", order_by="Consent.given_on.desc(), Consent.id.desc()"
    )
    former_numbers: Mapped[list["FormerNumber"]] = relationship(
        back_populates="organization", order_by="FormerNumber.number", cascade="all, delete-orphan"
    )
    referred_by: Mapped["Organization | None"] = relationship(remote_side="Organization.id")

    @property
    def is_approved(self) -> bool:
        return self.state is OrganizationState.APPROVED


class FormerNumber(Public, Base):
    """A corporate number that an organization took over: of a company it absorbed, or of a record
    merged into this one. Looking up the old number finds its successor."""

    __tablename__ = "former_numbers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    number: Mapped[str] = mapped_column(String(13), unique=True)
    since: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")

    organization: Mapped[Organization] = relationship(back_populates="former_numbers")


class Contact(Searched, Public, Base):
    """A person to reach at an organization (連絡先). Never public; the purpose of use is shown
    where it is asked for (個人情報保護法 art. 62)."""

    __tablename__ = "contacts"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    kana: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    organization: Mapped[Organization] = relationship(back_populates="contacts")

    def search_words(self) -> tuple[str, ...]:
        """Names, role, and how to reach the person; a telephone also without its hyphens."""
        digits = self.phone.replace("-", "") if self.phone else ""
        return (self.name, self.kana, self.role, self.email, self.phone, digits)


class Membership(Base):
    """A user who speaks for an organization; a manager looks after colleagues."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_active_user",
            "user_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    is_manager: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    ended_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship()


class Consent(Public, Base):
    """A word an organization gave by telephone or on paper, recorded by staff (代行入力の同意)."""

    __tablename__ = "consents"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    about: Mapped[str] = mapped_column(String(200))
    given_by: Mapped[str] = mapped_column(String(80))
    way: Mapped[ConsentWay] = mapped_column(word(ConsentWay))
    given_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(500), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    organization: Mapped[Organization] = relationship(back_populates="consents")


class InvitationState(StrEnum):
    """What became of an invitation or an application."""

    UNVERIFIED = "unverified"
    APPLIED = "applied"
    OPEN = "open"
    USED = "used"
    DECLINED = "declined"
    REVOKED = "revoked"


class Invitation(Public, Base):
    """A way in for one address: offered by the office or a colleague, or applied for.

    Only a hash of the link's token is kept. An application starts unverified, counts as applied
    once the address is verified, and becomes open when the office accepts it.
    """

    __tablename__ = "invitations"

    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[Role] = mapped_column(word(Role))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    # What an applicant says about his organization before there is a record.
    organization_name: Mapped[str] = mapped_column(String(120), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    is_manager: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    state: Mapped[InvitationState] = mapped_column(word(InvitationState), index=True)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    organization: Mapped[Organization | None] = relationship()
