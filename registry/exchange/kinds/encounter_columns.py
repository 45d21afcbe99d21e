"""The columns of the table of encounters, and the words that office tables use in them."""

from typing import Any

from registry.encounters.models import Channel, EncounterKind
from registry.exchange import cells
from registry.exchange.columns import Column
from registry.exchange.kinds.organizations import first_word
from registry.matching import split_keywords
from registry.organizations.names import clean_line
from registry.organizations.profile import clean_text

KINDS = {
    EncounterKind.CONSULTATION: ("窓口相談", "相談", "来所", "窓口", "Consultation"),
    EncounterKind.VISIT: ("訪問", "企業訪問", "Visit"),
    EncounterKind.CALL: ("電話", "電話相談", "Call"),
    EncounterKind.MEETING: ("面談", "打合せ", "打ち合わせ", "Meeting"),
    EncounterKind.DISPATCH: ("派遣", "専門家派遣", "Dispatch"),
    EncounterKind.ONLINE: ("オンライン", "オンライン相談", "Web会議", "Online"),
    EncounterKind.MAIL: ("メール", "メール相談", "Mail"),
}

CHANNELS = {
    Channel.WALK_IN: ("来所", "窓口", "Walk-in"),
    Channel.PHONE: ("電話で", "電話", "Phone"),
    Channel.WEB: ("ウェブから", "ウェブ", "Web", "ホームページ"),
    Channel.MAIL: ("メールで", "メール", "Mail"),
    Channel.OFFICE: ("こちらから", "庁内", "Office"),
    Channel.EVENT: ("イベントで", "イベント", "Event"),
    Channel.CHAMBER: ("商工会議所から", "商工会議所", "Chamber"),
    Channel.BANK: ("金融機関から", "金融機関", "銀行", "Bank"),
    Channel.OTHER_SUPPORTER: ("ほかの支援機関から", "支援機関", "Other supporter"),
}


def names(text: str) -> list[str]:
    """Names between 、 ; commas and line ends; a comma within a Latin name stays."""
    return [clean_line(name) for name in split_keywords(text.replace("\n", "、")) if name.strip()]


def names_cell(rows: Any) -> str:
    """The names in one cell."""
    return "、".join(getattr(row, "name", str(row)) for row in rows or ())


def name_cell(row: Any) -> str:
    """The name of one record, empty for none."""
    if row is None or isinstance(row, str):
        return row or ""
    return str(getattr(row, "name", "") or getattr(row, "title", ""))


COLUMNS = (
    Column("id", "ID", clean_line, ("公開ID",)),
    Column("number", "番号", cells.whole(), ("受付番号", "No", "NO"), cell="integer"),
    Column(
        "held_on",
        "日付",
        cells.day,
        ("相談日", "訪問日", "年月日", "実施日", "派遣日", "受付日"),
        required=True,
        cell="date",
    ),
    Column(
        "starts_at",
        "時刻",
        cells.clock,
        ("開始時刻", "時間", "開始時間"),
        writes=lambda at: at.strftime("%H:%M") if at else "",
    ),
    Column(
        "kind",
        "種類",
        cells.choice(KINDS),
        ("種別", "区分", "相談方法", "方法"),
        required=True,
        writes=first_word(KINDS),
    ),
    Column(
        "organizations",
        "企業・団体",
        names,
        ("企業名", "会社名", "相手先", "訪問先", "相談者", "団体名", "事業者名"),
        writes=names_cell,
    ),
    Column(
        "subject",
        "用件",
        cells.at_most(200, clean_line),
        ("件名", "相談内容", "テーマ", "目的", "相談項目"),
        required=True,
    ),
    Column(
        "result",
        "内容と結果",
        cells.at_most(10_000, clean_text),
        ("内容", "結果", "対応内容", "概要", "記録", "対応"),
    ),
    Column(
        "hours",
        "かかった時間",
        cells.decimal("時間", "h", most=24),
        ("所要時間", "時間数", "対応時間"),
        cell="decimal",
    ),
    Column("desk", "窓口", cells.at_most(80, clean_line), ("相談窓口", "会場", "場所")),
    Column("next_step", "次の一手", cells.at_most(200, clean_line), ("今後の対応", "次回対応")),
    Column(
        "next_due", "期限の日", cells.day, ("次の一手の期限", "次回予定日", "対応期限"), cell="date"
    ),
    Column(
        "channel",
        "経路",
        cells.choice(CHANNELS),
        ("受付経路", "きっかけ"),
        writes=first_word(CHANNELS),
    ),
    Column("referred_by", "紹介した支援機関", clean_line, ("紹介元", "紹介者"), writes=name_cell),
    Column("supporters", "同行した支援機関", names, ("同行者", "同行機関"), writes=names_cell),
    Column("topics", "相談の項目", names, ("項目", "相談分野"), writes=names_cell),
    Column("expert", "専門家", cells.at_most(80, clean_line), ("派遣した専門家", "アドバイザー")),
    Column("country", "相手国・地域", cells.at_most(2, clean_line), ("国", "国コード")),
    Column("step", "段階", cells.at_most(40, clean_line), ("ステージ",)),
    Column("program", "支援制度", clean_line, ("制度", "事業名", "事業"), writes=name_cell),
    Column(
        "coordinator",
        "担当",
        clean_line,
        ("担当者", "相談員", "コーディネーター", "対応者"),
        writes=name_cell,
    ),
)
