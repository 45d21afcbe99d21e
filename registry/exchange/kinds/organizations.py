"""The table of organizations (企業・団体): GIF 434 法人 headers, and those of offices' own lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from registry.common import codelists
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange import cells, codes, many
from registry.exchange.columns import Column, Kind
from registry.exchange.filters import organization_filter
from registry.exchange.organizations_in_bulk import run
from registry.formats.table import Cell
from registry.organizations.models import (
    Contact,
    Organization,
    OrganizationKind,
    OrganizationState,
)
from registry.organizations.names import clean_kana, clean_line, clean_website
from registry.organizations.profile import clean_text
from registry.organizations.queries import found_organizations

KINDS = {
    OrganizationKind.COMPANY: ("企業", "会社", "法人", "Company", "株式会社", "有限会社"),
    OrganizationKind.UNIVERSITY: ("大学・高専", "大学", "高専", "University"),
    OrganizationKind.INSTITUTE: ("研究機関", "研究所", "Research institute"),
    OrganizationKind.SUPPORTER: ("支援機関", "Supporter", "Support organization"),
    OrganizationKind.MUNICIPALITY: ("自治体", "市区町村", "Municipality"),
}
STATES = {
    OrganizationState.DRAFT: ("下書き", "Draft"),
    OrganizationState.SUBMITTED: ("確認待ち", "Waiting"),
    OrganizationState.RETURNED: ("差し戻し", "Returned"),
    OrganizationState.APPROVED: ("登録済み", "登録", "Registered"),
    OrganizationState.ARCHIVED: ("登録終了", "Archived"),
}


def first_word(words: Mapping[Any, tuple[str, ...]]) -> Any:
    """Writes an enumeration by its first word."""
    return lambda value: words[value][0] if value is not None else ""


def industry_cell(code: Any) -> Cell:
    """24 金属製品製造業; empty when unknown."""
    return codelists.industry_label(str(code)) if code else ""


def place_cell(code: Any) -> Cell:
    """神奈川県川崎市中原区; empty when unknown, an unknown code as it is."""
    found = codelists.municipality(str(code)) if code else None
    return found.full_label() if found else str(code or "")


def yes_cell(value: Any) -> Cell:
    """○ for true, empty for false."""
    return "○" if value else ""


COLUMNS = (
    Column("id", "ID", clean_line, ("識別値", "公開ID", "Musubi ID")),
    Column(
        "corporate_number",
        "法人番号",
        cells.corporate_number,
        ("法人番号13桁", "corporate number", "法人No", "法人番号（13桁）"),
        reads_many=many.corporate_numbers,
    ),
    Column(
        "name",
        "名称",
        cells.at_most(120, cells.organization_name(clean_line)),
        (
            "商号又は名称",
            "商号または名称",
            "企業名",
            "会社名",
            "団体名",
            "事業者名",
            "法人名",
            "企業・団体名",
            "名称(漢字)",
            "組織名",
            "事業所名",
            "社名",
            "屋号",
            "貴社名",
        ),
        required=True,
        reads_many=many.lines(120),
    ),
    Column(
        "kana",
        "フリガナ",
        cells.at_most(120, clean_kana),
        (
            "名称カナ",
            "名称(カナ)",
            "商号又は名称カナ",
            "商号または名称カナ",
            "商号又は名称(フリガナ)",
            "会社名カナ",
            "企業名カナ",
            "カナ",
            "ふりがな",
            "会社名フリガナ",
            "企業名フリガナ",
        ),
        reads_many=many.lines(120, kana=True),
    ),
    Column(
        "name_en",
        "英語の名称",
        cells.at_most(160, clean_line),
        ("名称英字", "商号又は名称英字", "商号または名称(英字)", "英語名", "英文名", "英語表記"),
        reads_many=many.lines(160, brackets=True),
    ),
    Column(
        "kind",
        "種別",
        cells.choice(KINDS),
        ("組織種別", "法人種別", "区分"),
        writes=first_word(KINDS),
    ),
    Column(
        "industry",
        "業種",
        codes.industry,
        ("事業種目", "日本標準産業分類", "業種コード", "産業分類", "業種(中分類)", "業種名"),
        writes=industry_cell,
    ),
    Column(
        "capital_yen",
        "資本金（円）",
        cells.yen(),
        ("資本金", "資本の額", "資本金の額", "出資金", "資本金額"),
        money=True,
        cell="integer",
    ),
    Column(
        "employees",
        "常時使用する従業員",
        cells.whole("人", "名", most=10**7),
        ("従業員数", "従業員", "社員数", "従業員数(人)", "常用従業員数", "従業者数"),
        cell="integer",
    ),
    Column(
        "municipality",
        "市区町村",
        codes.place,
        (
            "市区町村名",
            "区",
            "所在区",
            "市町村",
            "市区町村コード",
            "全国地方公共団体コード",
            "所在",
        ),
        writes=place_cell,
    ),
    Column(
        "address",
        "所在地",
        cells.at_most(200, clean_line),
        (
            "住所",
            "登記住所",
            "本社所在地",
            "本店所在地",
            "所在地(住所)",
            "本社住所",
            "事業所所在地",
        ),
        reads_many=many.lines(200, brackets=True),
    ),
    Column(
        "website",
        "ウェブサイト",
        cells.at_most(200, clean_website),
        ("URL", "ホームページ", "HP", "ウェブサイトURL", "ホームページアドレス", "web"),
        reads_many=many.websites,
    ),
    Column(
        "summary",
        "紹介文",
        cells.at_most(2000, clean_text),
        ("事業内容", "事業概要", "会社概要", "業務内容", "主要製品", "説明", "概要"),
    ),
    Column(
        "summary_en", "英語の紹介文", cells.at_most(4000, clean_text), ("事業内容英語", "英語概要")
    ),
    Column(
        "contact_name",
        "連絡先の氏名",
        cells.at_most(80, clean_line),
        ("担当者", "担当者名", "担当者氏名", "連絡先名称", "ご担当者", "連絡先担当者"),
        staff_only=True,
    ),
    Column(
        "contact_role",
        "連絡先の部署・役職",
        cells.at_most(80, clean_line),
        ("部署", "役職", "担当部署", "所属", "部署・役職"),
        staff_only=True,
    ),
    Column(
        "contact_email",
        "連絡先のメール",
        cells.email,
        ("メールアドレス", "メール", "Eメール", "E-mail", "mail", "連絡先メールアドレス"),
        staff_only=True,
    ),
    Column(
        "contact_phone",
        "連絡先の電話",
        cells.phone,
        ("電話番号", "電話", "TEL", "連絡先電話番号", "代表電話"),
        staff_only=True,
    ),
    Column(
        "state",
        "状態",
        cells.choice(STATES),
        ("登録状態",),
        writes=first_word(STATES),
        staff_only=True,
    ),
    Column("source", "出典", cells.at_most(200, clean_line), ("典拠", "情報源"), staff_only=True),
    Column("illustrative", "例示", cells.yes_no, writes=yes_cell),
    Column("approved_on", "登録日", cell="date", told_only=True),
)


def rows(viewer: Viewer, asked: Mapping[str, str]) -> Select[Any]:
    """The organizations on screen, by reading."""
    return found_organizations(organization_filter(asked, viewer), viewer)


def values(found: Sequence[Organization], viewer: Viewer) -> list[dict[str, Any]]:
    """What is stored of each, with its first contact; an address without a corporate number only
    for staff, as on its page."""
    ids = [row.id for row in found]
    contacts: dict[int, Contact] = {}
    if viewer.is_staff:
        for start in range(0, len(ids), 5000):
            chunk = ids[start : start + 5000]
            statement = select(Contact).where(Contact.organization_id.in_(chunk))
            for found_contact in db.session.scalars(statement.order_by(Contact.id.desc())):
                contacts[found_contact.organization_id] = found_contact
    keys = [c.key for c in COLUMNS if not c.key.startswith("contact_") and c.key != "id"]
    told = []
    for row in found:
        entry = {key: getattr(row, key) for key in keys}
        if not (row.corporate_number or viewer.is_staff or viewer.belongs_to(row.id)):
            entry["address"] = ""
        contact = contacts.get(row.id)
        for part in ("name", "role", "email", "phone"):
            entry[f"contact_{part}"] = getattr(contact, part) if contact else ""
        told.append({"id": row.public_id, **entry})
    return told


KIND = Kind(
    code="organizations",
    title=lambda: str(_l("企業・団体")),
    columns=COLUMNS,
    runs=run,
    rows=rows,
    values=values,
    tables=("organizations", "contacts", "consents"),
    list_endpoint="organizations.index",
    page_endpoint="organizations.show",
    reads_permission="organizations.read",
)
