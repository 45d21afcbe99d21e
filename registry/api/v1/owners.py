"""Whose a listing is, as far as the reader may know."""

from pydantic import Field

from registry.api.models import Part
from registry.api.v1.shared import Named, named
from registry.common import codelists
from registry.common.viewer import Viewer
from registry.listings.models import Listing
from registry.listings.queries import may_see_name
from registry.organizations.blind import band_of


class Owner(Part):
    """Whose listing it is; of an anonymous one only what does not tell."""

    organization: Named | None = Field(description="持ち主。匿名なら null / Owner; null: not told")
    division: str = Field(description="業種（大分類） / Industry division")
    municipality: str = Field(description="市区町村コード / Municipality code")
    size_band: str = Field(description="従業員の規模 / Band of employees")


def owner_of(row: Listing, viewer: Viewer) -> Owner:
    """Whose it is, or industry, ward and size; no ward where it would give an owner away."""
    firm, told = row.organization, may_see_name(row, viewer)
    return Owner(
        organization=named(firm) if told else None,
        division=division_of(firm.industry),
        municipality="" if row.hide_place and not told else firm.municipality,
        size_band=band_of(firm.employees),
    )


def division_of(industry: str) -> str:
    """The letter of an industry's division, or empty."""
    found = codelists.industry(industry) if industry else None
    return getattr(found, "division", getattr(found, "code", "")) if found else ""
