"""Organizations: the directory as the reader may see it, entered and corrected like on the pages."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select

from registry.accounts.scopes import Scope
from registry.api.models import Body, Moment, Part, Record, SearchQuery, patch_of
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, INTEGRAL, Text
from registry.api.v1.shared import changed_since
from registry.common import calendar
from registry.common.viewer import Viewer
from registry.organizations import service, states
from registry.organizations.models import (
    ConsentWay,
    Organization,
    OrganizationKind,
    OrganizationState,
)
from registry.organizations.profile import Profile, Word
from registry.organizations.queries import OrganizationFilter, found_organizations, get_organization

MOST_YEN = 10**15
MOST_PEOPLE = 10**7


class OrganizationBody(Body):
    """What is written about an organization. Unknown texts are "", unknown numbers null."""

    kind: OrganizationKind = Field(description="種別 / Kind")
    name: Annotated[str, Text(120, needed=True)] = Field(
        description="名称 / Name", examples=["株式会社見本製作所"]
    )
    kana: Annotated[str, Text(120)] = Field("", description="フリガナ / Reading in kana")
    name_en: Annotated[str, Text(160)] = Field("", description="英語の名称 / Name in English")
    corporate_number: Annotated[str, Field(pattern=r"^[1-9][0-9]{12}$")] | None = Field(
        None, description="法人番号（13 桁） / Corporate number, 13 digits"
    )
    industry: Annotated[str, Field(pattern=r"^([A-T]|[0-9]{2,4})?$")] = Field(
        "", description="業種（日本標準産業分類 14 版） / Industry, JSIC 14th revision"
    )
    capital_yen: Annotated[int, Field(ge=0, le=MOST_YEN), INTEGRAL] | None = Field(
        None, description="資本金（円） / Capital in yen"
    )
    employees: Annotated[int, Field(ge=0, le=MOST_PEOPLE), INTEGRAL] | None = Field(
        None, description="常時使用する従業員 / Regular employees"
    )
    municipality: Annotated[str, Field(pattern=r"^([0-9]{5})?$")] = Field(
        "", description="市区町村コード（5 桁） / Municipality code, 5 digits"
    )
    address: Annotated[str, Text(200)] = Field("", description="所在地 / Address")
    website: Annotated[str, Text(200)] = Field("", description="ウェブサイト / Website")
    summary: Annotated[str, Text(2000, lines=True)] = Field("", description="紹介文 / Summary")
    summary_en: Annotated[str, Text(2000, lines=True)] = Field(
        "", description="英語の紹介文 / Summary in English"
    )


class ConsentPart(Part):
    """The word that an organization gave, for staff who enter it (代行入力の同意)."""

    given_by: Annotated[str, Text(80, needed=True)] = Field(description="同意した人 / Who gave it")
    way: ConsentWay = Field(description="同意の方法 / How it was given")
    given_on: Annotated[date, DAY] = Field(description="同意した日 / Day it was given")
    evidence: Annotated[str, Text(500)] = Field("", description="記録 / Where it is recorded")


class NewOrganization(OrganizationBody):
    """A new draft; `consent` and `duplicates_checked` are for staff."""

    consent: ConsentPart | None = Field(None, description="代行入力の同意 / Consent, by staff")
    duplicates_checked: bool = Field(
        False, description="似た登録を確かめた / Possible duplicates were looked at"
    )


class OrganizationRecord(Record):
    """One organization. Addresses of sole proprietors are shown to themselves and staff only."""

    id: str = Field(description="公開 ID / Public id")
    number: int = Field(description="登録番号 / Registration number")
    kind: OrganizationKind
    name: str
    kana: str
    name_en: str
    corporate_number: str | None
    industry: str
    capital_yen: int | None
    employees: int | None
    municipality: str
    address: str
    website: str
    summary: str
    summary_en: str
    state: OrganizationState = Field(description="登録の状態 / State of the registration")
    state_reason: str = Field(
        description="状態の理由（本人と事務局だけ） / Why, for itself and staff"
    )
    approved_on: str | None = Field(json_schema_extra={"format": "date"})
    source: str = Field(description="出典 / Source")
    illustrative: bool = Field(description="例示 / Invented as a sample")
    created_at: Moment
    updated_at: Moment


class OrganizationQuery(SearchQuery):
    """The directory, narrowed."""

    kind: OrganizationKind | None = Field(None, description="種別 / Kind", strict=False)
    place: Annotated[str, Field(pattern=r"^[0-9]{5}$")] | None = Field(
        None, description="市区町村（区を含む） / Municipality with its wards"
    )
    state: OrganizationState | None = Field(
        None, description="状態（事務局だけ） / State, for staff", strict=False
    )


class NoBody(Body):
    """Nothing needs to be said: {}."""


def show(row: Organization, viewer: Viewer) -> OrganizationRecord:
    """The organization as the page shows it."""
    own = viewer.is_staff or viewer.belongs_to(row.id)
    told: dict[str, Any] = {name: getattr(row, name) for name in _PROFILE}
    if not own and not row.corporate_number:
        told["address"] = ""
    return OrganizationRecord(
        id=row.public_id,
        number=row.number,
        **told,
        state=row.state,
        state_reason=row.state_reason if own else "",
        approved_on=row.approved_on.isoformat() if row.approved_on else None,
        source=row.source,
        illustrative=row.illustrative,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def find(query: OrganizationQuery, viewer: Viewer) -> Select[Organization]:
    """The directory's statement."""
    asked = OrganizationFilter(
        text=query.q, kind=query.kind, place=query.place or "", state=query.state
    )
    return changed_since(found_organizations(asked, viewer), Organization, query.modified_after)


def get(viewer: Viewer, organization_id: str) -> Organization:
    """One organization."""
    return get_organization(organization_id, viewer)


def create(body: NewOrganization, viewer: Viewer) -> Organization:
    """Enter a draft."""
    values = {name: getattr(body, name) for name in _PROFILE}
    word = Word(about=ABOUT, **body.consent.model_dump()) if body.consent else None
    return service.create_organization(
        Profile(**values),
        viewer=viewer,
        today=calendar.today(),
        consent=word,
        duplicates_checked=body.duplicates_checked,
    )


def change(row: Organization, body: Any, version: int | None, viewer: Viewer) -> None:
    """Correct what was sent; the rest stays."""
    now = Profile(**{name: getattr(row, name) for name in _PROFILE})
    service.change_organization(row, replace(now, **body.given()), version=version, viewer=viewer)


_PROFILE = tuple(OrganizationBody.model_fields)
ABOUT = "企業・団体の情報の登録と公開"

organizations = Resource(
    name="organizations",
    path="/organizations",
    key="organization_id",
    tag=Tag("organizations", "企業・団体 / Organizations"),
    words="企業・団体 / organizations",
    record=OrganizationRecord,
    show=show,
    get=get,
    read=Scope.ORGANIZATIONS_READ,
    write=Scope.ORGANIZATIONS_WRITE,
)
organizations.lists(OrganizationQuery, find)
organizations.gets()
organizations.creates(
    NewOrganization,
    create,
    note="会員は自社の下書きを、事務局は同意を添えて代わりに作ります。 / "
    "Members enter their own draft, staff enter one with consent.",
)
organizations.changes(patch_of(OrganizationBody, "OrganizationPatch"), change)
organizations.steps(
    "submit",
    NoBody,
    lambda row, _body, viewer: states.submit_organization(row, viewer=viewer),
    "審査に出す / Hand in for review",
)
