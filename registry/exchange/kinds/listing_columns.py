"""The columns of the table of listings, and how their cells are read."""

import re
from typing import Any

from registry.common.folding import fold
from registry.exchange import cells
from registry.exchange.columns import Column
from registry.exchange.kinds.organizations import first_word, yes_cell
from registry.listings.categories import ALL_FIELDS
from registry.listings.content import KEYWORD_MAX, KEYWORDS_MOST
from registry.listings.models import Category, ListingKind, ListingState, Visibility
from registry.matching import split_keywords
from registry.organizations.models import ConsentWay
from registry.organizations.names import clean_line
from registry.organizations.profile import clean_text

State = ListingState
KINDS = {ListingKind.NEED: ("ニーズ", "Need"), ListingKind.SEED: ("シーズ", "Seed")}
CATEGORIES = {
    Category.TECHNOLOGY: ("技術", "Technology"),
    Category.PRODUCT: ("製品", "Product"),
    Category.PATENT: ("特許・知的財産", "特許", "知的財産", "Patent"),
    Category.MATERIAL: ("素材・副産物", "素材", "副産物", "Material"),
    Category.FACILITY: ("設備・施設", "設備", "施設", "Facility"),
    Category.LAND: ("土地・場所", "土地", "場所", "Land"),
    Category.DESIGN: ("デザイン・コンテンツ", "デザイン", "コンテンツ", "Design"),
    Category.MARKET: ("販路", "Market"),
    Category.CAPITAL: ("資金", "Capital"),
    Category.LABOUR: ("人材", "Labour"),
    Category.FIELD_TRIAL: ("実証の場", "実証", "Field trial"),
}
VISIBILITIES = {
    Visibility.PUBLIC: ("だれでも", "公開", "Public"),
    Visibility.MEMBERS: ("会員まで", "会員", "Members"),
    Visibility.STAFF: ("コーディネーターだけ", "事務局", "Staff"),
}
STATES = {
    State.DRAFT: ("下書き", "Draft"),
    State.SUBMITTED: ("審査待ち", "Waiting for review"),
    State.RETURNED: ("差し戻し", "Returned"),
    State.PUBLISHED: ("公開中", "公開", "Published"),
    State.EXPIRED: ("期限切れ", "Expired"),
    State.CLOSED: ("終了", "Closed"),
}
WAYS = {
    ConsentWay.TELEPHONE: ("電話", "Telephone"),
    ConsentWay.PAPER: ("書面", "Paper"),
    ConsentWay.IN_PERSON: ("面談", "In person"),
    ConsentWay.MAIL: ("メール", "Mail"),
    ConsentWay.LINK: ("本人のリンク", "Link"),
}


def keywords(text: str) -> list[str]:
    """Words between 、 ; and commas, each once. Raises CellProblem too_long."""
    words = list(dict.fromkeys(split_keywords(text)))
    if len(words) > KEYWORDS_MOST or any(len(word) > KEYWORD_MAX for word in words):
        raise cells.CellProblem("too_long", length=len(text), limit=KEYWORDS_MOST * KEYWORD_MAX)
    return words


def fields(text: str) -> dict[str, str]:
    """名前=値 pairs between semicolons: 量=100；量の単位=kg. Raises CellProblem choice."""
    names = {fold(str(spec.label)): spec.name for spec in ALL_FIELDS}
    names |= {fold(spec.name): spec.name for spec in ALL_FIELDS}
    found = {}
    for pair in filter(None, (part.strip() for part in re.split("[;；\n]", text))):
        name, _mark, value = pair.replace("＝", "=").partition("=")
        key = names.get(fold(name))
        if key is None or not value.strip():
            raise cells.CellProblem(
                "choice", text=pair[:40], known="、".join(str(spec.label) for spec in ALL_FIELDS)
            )
        found[key] = value.strip()
    return found


def fields_cell(values: Any) -> str:
    """The typed fields as one cell, in the order of their codes."""
    return "；".join(f"{name}={values[name]}" for name in sorted(values or {}))


COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column("reference", "番号", lambda text: cells.narrow(text).upper(), ("案件番号", "管理番号")),
    Column(
        "kind",
        "種別",
        cells.choice(KINDS),
        ("区分", "ニーズ・シーズ"),
        required=True,
        writes=first_word(KINDS),
    ),
    Column(
        "organization",
        "企業・団体",
        clean_line,
        ("企業名", "会社名", "団体名", "名称", "商号又は名称", "事業者名", "法人名"),
        writes=lambda row: getattr(row, "name", row or ""),
    ),
    Column(
        "organization_number",
        "法人番号",
        cells.corporate_number,
        ("法人番号13桁",),
        staff_only=True,
    ),
    Column(
        "category",
        "分類",
        cells.choice(CATEGORIES),
        ("カテゴリ", "カテゴリー", "分野"),
        writes=first_word(CATEGORIES),
    ),
    Column(
        "title",
        "件名",
        cells.at_most(120, clean_line),
        ("タイトル", "案件名", "題名", "テーマ"),
        required=True,
    ),
    Column(
        "description", "内容", cells.at_most(2000, clean_text), ("説明", "概要", "詳細", "本文")
    ),
    Column("keywords", "キーワード", keywords, ("タグ",), writes="、".join),
    Column("fields", "分類の項目", fields, writes=fields_cell),
    Column(
        "visibility",
        "見せる範囲",
        cells.choice(VISIBILITIES),
        ("公開範囲",),
        writes=first_word(VISIBILITIES),
    ),
    Column("anonymous", "匿名", cells.yes_no, writes=yes_cell),
    Column("valid_until", "募集の期限", cells.day, ("期限", "有効期限", "公開期限"), cell="date"),
    Column("state", "状態", cells.choice(STATES), writes=first_word(STATES)),
    Column("consent_by", "同意した人", cells.at_most(80, clean_line), ("同意者",), staff_only=True),
    Column(
        "consent_way", "同意の方法", cells.choice(WAYS), writes=first_word(WAYS), staff_only=True
    ),
    Column("consent_on", "同意の日", cells.day, ("同意日",), cell="date", staff_only=True),
    Column("published_on", "公開日", cell="date", told_only=True),
)
