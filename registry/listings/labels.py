"""Words of the room as a page shows them: kinds, categories, visibility, states."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from registry.listings.models import Category, ListingKind, ListingState, Visibility

KINDS: Mapping[ListingKind, str] = {
    ListingKind.NEED: _l("ニーズ"),
    ListingKind.SEED: _l("シーズ"),
}

CATEGORIES: Mapping[Category, str] = {
    Category.TECHNOLOGY: _l("技術"),
    Category.PRODUCT: _l("製品"),
    Category.PATENT: _l("特許・知的財産"),
    Category.MATERIAL: _l("素材・副産物・エネルギー"),
    Category.FACILITY: _l("設備・施設"),
    Category.LAND: _l("土地・場所"),
    Category.DESIGN: _l("デザイン・コンテンツ"),
    Category.MARKET: _l("販路"),
    Category.CAPITAL: _l("資金"),
    Category.LABOUR: _l("人材"),
    Category.FIELD_TRIAL: _l("実証の場"),
}
"""In the order in which a form offers them."""

VISIBILITIES: Mapping[Visibility, str] = {
    Visibility.PUBLIC: _l("だれでも"),
    Visibility.MEMBERS: _l("会員まで"),
    Visibility.STAFF: _l("コーディネーターだけ"),
}

STATES: Mapping[ListingState, str] = {
    ListingState.DRAFT: _l("下書き"),
    ListingState.SUBMITTED: _l("審査待ち"),
    ListingState.RETURNED: _l("差し戻し"),
    ListingState.PUBLISHED: _l("公開中"),
    ListingState.EXPIRED: _l("期限切れ"),
    ListingState.CLOSED: _l("終了"),
}

CHIPS: Mapping[ListingState, str] = {
    ListingState.DRAFT: "plain",
    ListingState.SUBMITTED: "wait",
    ListingState.RETURNED: "late",
    ListingState.PUBLISHED: "done",
    ListingState.EXPIRED: "off",
    ListingState.CLOSED: "off",
}
"""How the chip of a state looks."""

ACTIONS: Mapping[str, str] = {
    "listing.created": _l("書き始めた"),
    "listing.changed": _l("変更した"),
    "listing.submitted": _l("審査に出した"),
    "listing.withdrawn": _l("審査から取り下げた"),
    "listing.returned": _l("差し戻した"),
    "listing.published": _l("公開した"),
    "listing.renewed": _l("期限を延ばした"),
    "listing.closed": _l("終了した"),
    "listing.expired": _l("期限が切れた"),
    "listing.reminded": _l("期限が近いことを知らせた"),
}
"""Entries of a listing's history."""

COLUMNS: Mapping[str, str] = {
    "title": _l("件名"),
    "description": _l("内容"),
    "keywords": _l("キーワード"),
    "category": _l("分類"),
    "fields": _l("分類の項目"),
    "visibility": _l("見せる範囲"),
    "anonymous": _l("匿名"),
    "valid_until": _l("募集の期限"),
    "state": _l("状態"),
    "state_reason": _l("理由"),
}
"""Columns that a history shows."""


def shown(column: str, text: str | None) -> str:
    """A value as the log keeps it, in words."""
    words: Mapping[str, Mapping[str, str]] = {
        "category": {key.value: label for key, label in CATEGORIES.items()},
        "visibility": {key.value: label for key, label in VISIBILITIES.items()},
        "state": {key.value: label for key, label in STATES.items()},
        "anonymous": {"True": _l("匿名にする"), "False": _l("社名を出す")},
    }
    return str(words.get(column, {}).get(text or "", text or ""))
