"""The columns of the table of support programs, in the headers of GIF DS-451-4."""

import re
from typing import Any

from registry.exchange import cells
from registry.exchange.columns import Column
from registry.exchange.kinds import code_cells, condition_cells
from registry.exchange.kinds.encounter_columns import name_cell
from registry.exchange.kinds.organizations import first_word
from registry.matching import split_keywords
from registry.organizations.names import clean_line, clean_website
from registry.organizations.profile import clean_text
from registry.policy.codes import parse_code
from registry.programs import choices
from registry.programs.models import ProgramState, Shape

SHAPES = {
    Shape.ENROLMENT: ("補助・認定・参加", "補助", "補助金", "認定", "助成", "Enrolment"),
    Shape.CASE: ("引き合わせ", "マッチング", "Case"),
    Shape.ENCOUNTER: ("相談・派遣", "相談", "派遣", "Encounter"),
    Shape.EVENT: ("催し", "イベント", "Event"),
    Shape.OCCUPANCY: ("施設", "入居", "Occupancy"),
    Shape.READING: ("その他の施策", "その他", "Reading"),
}
STATES = {
    ProgramState.DRAFT: ("公開前", "Draft"),
    ProgramState.ACTIVE: ("実施中", "募集中", "Active"),
    ProgramState.CLOSED_TO_NEW: ("新規の受付は終了", "受付終了", "Closed to new"),
    ProgramState.ENDED: ("終了", "廃止", "Ended"),
}


def key(text: str) -> str:
    """The key of a program: small letters, figures, hyphens. Raises CellProblem key."""
    plain = cells.narrow(text).lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,63}", plain):
        raise cells.CellProblem("key", text=text.strip()[:40])
    return plain


def code(text: str) -> str:
    """A code of the policy tree in one spelling, perhaps with its plan before it."""
    plan, mark, rest = text.partition("/")
    return f"{plan.strip()}/{parse_code(rest)}" if mark else str(parse_code(text))


def code_cell(row: Any) -> str:
    """plan/code of a node of the policy tree."""
    return f"{row.plan}/{row.code}" if row is not None and hasattr(row, "plan") else str(row or "")


def _percent(text: str) -> Any:
    """A rate in percent; a share like 1/2 or ２分の１ in percent too."""
    plain = cells.narrow(text)
    share = re.fullmatch(r"([0-9]+)/([0-9]+)", plain) or re.fullmatch(
        r"(?P<b>[0-9]+)分の(?P<a>[0-9]+)", plain
    )
    if share:
        top, bottom = (share[1], share[2]) if "/" in plain else (share["a"], share["b"])
        return round(int(top) / int(bottom) * 100, 1) if int(bottom) else 0.0
    return _rate(text)


def _rate(text: str) -> float:
    """A rate in percent."""
    found = cells.decimal("%", "パーセント", "％", most=100)(text)
    return float(found.value if isinstance(found, cells.Noted) else found)


STAGES, TROUBLES, SERVICES = map(code_cells.words, ("stage", "trouble", "service"))
COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column("key", "キー", key, ("制度キー",)),
    Column("number", "制度番号", cells.at_most(40, clean_line), ("番号",)),
    Column(
        "title",
        "タイトル（制度名）",
        cells.at_most(160, clean_line),
        ("制度名", "タイトル", "名称", "事業名", "補助金名"),
        required=True,
    ),
    Column("title_en", "制度名（英語）", cells.at_most(200, clean_line), ("英語の名称", "英語名")),
    Column(
        "subtitle",
        "サブタイトル（通称名）",
        cells.at_most(80, clean_line),
        ("サブタイトル", "通称名", "通称"),
    ),
    Column("policy_code", "政策コード", code, ("施策コード", "コード"), writes=code_cell),
    Column(
        "shape",
        "形",
        cells.choice(SHAPES),
        ("支援制度種別", "種別"),
        writes=first_word(SHAPES),
    ),
    Column("state", "状態", cells.choice(STATES), ("公開状態",), writes=first_word(STATES)),
    Column("summary", "概要", cells.at_most(2000, clean_text), ("制度概要",)),
    Column("summary_en", "概要（英語）", cells.at_most(4000, clean_text)),
    Column("content", "内容", cells.at_most(10_000, clean_text), ("詳細", "支援内容")),
    Column("audience", "対象者", cells.at_most(2000, clean_text), ("対象",)),
    Column(
        "areas",
        "地域",
        code_cells.areas,
        ("対象の地域", "対象地域", "地域群"),
        writes=lambda kept: "、".join(choices.area_words(kept, "ja")),
    ),
    Column(
        "industries",
        "標準産業分類",
        code_cells.several(code_cells.division),
        ("対象の業種", "対象業種", "業種"),
        writes=lambda kept: ";".join(choices.industry_words(kept, "ja")),
    ),
    Column("stages", "事業ステージ", STAGES[0], ("事業の段階", "ライフステージ"), writes=STAGES[1]),
    Column("troubles", "お困りごと", TROUBLES[0], ("困りごと", "課題"), writes=TROUBLES[1]),
    Column("service_kinds", "サービス種別", SERVICES[0], ("サービスの種別",), writes=SERVICES[1]),
    Column(
        "conditions",
        "対象者条件",
        condition_cells.read,
        ("対象の条件", "条件"),
        writes=condition_cells.write,
    ),
    Column("purpose", "用途・対象物", cells.at_most(2000, clean_text), ("用途・対象費", "用途")),
    Column(
        "benefit_max_yen",
        "給付上限額（円）",
        cells.yen(),
        ("給付上限額", "給付金額", "補助上限額", "上限額"),
        money=True,
        cell="integer",
    ),
    Column(
        "rate_max_percent", "最大補助率（％）", _percent, ("最大補助率", "補助率"), cell="decimal"
    ),
    Column(
        "loan_max_yen",
        "融資上限額（円）",
        cells.yen(),
        ("融資上限額", "融資限度額"),
        money=True,
        cell="integer",
    ),
    Column(
        "interest_max_percent",
        "最大利率（％）",
        _rate,
        ("最大利率", "利率"),
        cell="decimal",
    ),
    Column("repayment", "返済期間", cells.at_most(120, clean_line), ("返済",)),
    Column("costs", "費用", cells.at_most(2000, clean_text), ("利用料", "手数料")),
    Column("legal_basis", "根拠法令", cells.at_most(200, clean_line), ("根拠", "法令")),
    Column(
        "how_to_apply",
        "申請届出方法",
        cells.at_most(4000, clean_text),
        ("利用・申請方法", "申請方法"),
    ),
    Column("season", "募集時期", cells.at_most(120, clean_line)),
    Column("documents", "手続書類", cells.at_most(4000, clean_text)),
    Column(
        "contact",
        "お問い合わせ先",
        cells.at_most(2000, clean_text),
        ("連絡先情報", "問い合わせ先", "連絡先"),
    ),
    Column("website", "詳細URL", cells.at_most(200, clean_website), ("URL", "詳細参照先")),
    Column("keywords", "キーワード", split_keywords, writes=";".join),
    Column(
        "operator_organization",
        "実施組織",
        clean_line,
        ("実施組織・支援機関", "制度所管組織", "運営組織"),
        writes=name_cell,
    ),
    Column("source", "出典", cells.at_most(200, clean_line)),
)
