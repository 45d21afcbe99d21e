"""By-products and energy between two listings: which pairs are out of the question, and what one
side can do for the other, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.common.nearness import nearness
from registry.listings.exchange import Flow, broken_limits, covered, flow_of
from registry.listings.exchange_words import amount_label, distance_label
from registry.listings.models import Category, Listing
from registry.suggestions.queries import by_products
from registry.suggestions.texts import other_kind


@dataclass(frozen=True)
class Fitting:
    """What a page tells of a by-product pair: lines in words, and the covered share in percent."""

    lines: tuple[str, ...]
    percent: int | None


def refused(listing: Listing) -> frozenset[str]:
    """Public ids of the open by-products of the other side that quantity, rhythm, period or
    distance keep apart from this one; empty for listings of other categories."""
    if listing.category is not Category.MATERIAL:
        return frozenset()
    own = flow(listing)
    return frozenset(
        row.public_id
        for row in by_products(other_kind(listing.kind))
        if broken_limits(own, flow(row))
    )


def flow(listing: Listing) -> Flow:
    """What a by-product listing says of quantity, rhythm, period and place."""
    return flow_of(listing.fields, listing.organization.municipality)


def fitting(need: Listing, seed: Listing, *, tell_place: bool = True) -> Fitting | None:
    """How far a seed's quantity covers the need's, and how near the two are; None unless both are
    by-products. Without `tell_place` nothing is said of the distance."""
    if need.category is not Category.MATERIAL or seed.category is not Category.MATERIAL:
        return None
    wanted, given = flow(need), flow(seed)
    share = covered(wanted, given)
    lines = [_quantity_line(wanted, given)]
    near = nearness(wanted.place, given.place)
    if tell_place:
        lines.append(
            _("距離：%(near)s", near=distance_label(near))
            if near is not None
            else _("距離：場所が分からないため、確かめてください。")
        )
    return Fitting(tuple(lines), None if share is None else _percent(float(share)))


def _quantity_line(wanted: Flow, given: Flow) -> str:
    share = covered(wanted, given)
    if share is None:
        return str(_("量：量が書かれていないため、確かめてください。"))
    amounts = {"wanted": amount_label(wanted), "given": amount_label(given)}
    if percent := _percent(float(share)):
        return str(
            _(
                "量：ニーズの %(wanted)s のうち %(percent)s%% をまかなえます（シーズは %(given)s）。",
                percent=percent,
                **amounts,
            )
        )
    return str(
        _(
            "量：ニーズの %(wanted)s のうち 1%% 未満をまかなえます（シーズは %(given)s）。",
            **amounts,
        )
    )


def _percent(share: float) -> int:
    """Whole percent, rounded down: what is not wholly covered is never told as 100."""
    return int(share * 100)
