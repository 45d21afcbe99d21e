"""Verdicts and evidence in words."""

from collections.abc import Iterable

from flask_babel import gettext as _

from registry.organizations.identity import Verdict
from registry.organizations.identity_models import PairState
from registry.organizations.models import InvoiceStatus


def verdict_label(verdict: Verdict) -> str:
    """How sure it is, in words."""
    words: dict[Verdict, str] = {
        Verdict.SAME: _("同じ企業・団体"),
        Verdict.LIKELY: _("同じ可能性が高い"),
        Verdict.POSSIBLY: _("同じかもしれない"),
        Verdict.DIFFERENT: _("別の企業・団体"),
    }
    return words[verdict]


def verdict_chip(verdict: Verdict) -> str:
    """The look of a verdict's chip."""
    return {Verdict.SAME: "warn", Verdict.LIKELY: "warn"}.get(verdict, "plain")


def reason_words(reasons: Iterable[str]) -> list[str]:
    """What speaks for it, in words; codes are those of `identity.judging`."""
    words: dict[str, str] = {
        "number": _("法人番号が同じ"),
        "name": _("名称が同じ"),
        "name_loose": _("名称が表記ゆれを除いて同じ"),
        "kana": _("読みが同じ"),
        "latin": _("ローマ字の名称が同じ"),
        "name_alike": _("名称が一、二文字違い"),
        "address": _("所在地が同じ"),
        "phone": _("電話番号が同じ"),
        "domain": _("ウェブサイトかメールのドメインが同じ"),
        "email": _("メールアドレスが同じ"),
        "reading": _("読みも同じ"),
        "city": _("同じ市区町村"),
    }
    return [words[reason] for reason in reasons if reason in words]


def against_words(against: Iterable[str]) -> list[str]:
    """What speaks against it, in words."""
    words: dict[str, str] = {
        "form": _("法人の種類が違う（別法人かもしれません）"),
        "branch": _("本社と支店・工場など、拠点が違う"),
        "group": _("名称に別の語がある（関連会社かもしれません）"),
        "distinct": _("番号や方角の文字が違う"),
        "number_differs": _("法人番号が違う"),
        "reading_differs": _("読みが違う"),
        "city": _("市区町村が違う"),
        "address": _("所在地が違う"),
    }
    return [words[reason] for reason in against if reason in words]


def table_word(table: str) -> str:
    """What the rows of a table are, in words; of a table without a word, records."""
    words: dict[str, str] = {
        "organizations": _("企業・団体の登録"),
        "contacts": _("連絡先"),
        "memberships": _("参加している人"),
        "consents": _("同意の記録"),
        "invitations": _("招待"),
        "former_numbers": _("以前の法人番号"),
        "duplicate_decisions": _("重複の判断"),
        "listings": _("案件"),
        "programs": _("支援制度"),
        "enrolments": _("採択・利用"),
        "enrolment_partners": _("採択・利用の連携先"),
        "encounter_parties": _("相談・訪問"),
        "encounter_supporters": _("相談・訪問"),
        "encounters": _("相談・訪問"),
        "events": _("イベント"),
        "registrations": _("イベントの参加申込"),
        "meetings": _("面談"),
        "exhibits": _("展示"),
        "joint_booths": _("共同出展"),
        "places": _("施設"),
        "occupancies": _("施設の入居"),
        "bookings": _("施設の予約"),
        "waitings": _("空き待ち"),
        "parties": _("マッチングの当事者"),
    }
    return words.get(table, _("そのほかの記録"))


def moved_words(counts: dict[str, int]) -> list[str]:
    """「案件 3 件」 for each table of which rows move; tables without a word together."""
    named: dict[str, int] = {}
    for table, count in counts.items():
        named[table_word(table)] = named.get(table_word(table), 0) + count
    return [_("%(what)s %(count)s 件", what=what, count=count) for what, count in named.items()]


def invoice_status_label(status: InvoiceStatus) -> str:
    """What the public list of invoice issuers said, in words."""
    words: dict[InvoiceStatus, str] = {
        InvoiceStatus.UNCHECKED: _("まだ確かめていない"),
        InvoiceStatus.REGISTERED: _("登録されている"),
        InvoiceStatus.CANCELLED: _("登録が取り消された"),
        InvoiceStatus.EXPIRED: _("登録が失効した"),
    }
    return words[status]


def pair_state_label(state: PairState) -> str:
    """What the office has said about a pair, in words."""
    words: dict[PairState, str] = {
        PairState.OPEN: _("まだ判断していない"),
        PairState.LATER: _("あとで判断する"),
        PairState.SETTLED: _("別の企業・団体"),
    }
    return words[state]


def group_label(group: str) -> str:
    """Name of what is chosen together when two records become one (`merging.GROUPS`)."""
    words: dict[str, str] = {
        "kind": _("種別"),
        "name": _("名称"),
        "kana": _("フリガナ"),
        "name_en": _("英語の名称"),
        "corporate_number": _("法人番号"),
        "invoice_number": _("適格請求書発行事業者の登録番号"),
        "industry": _("業種"),
        "capital_yen": _("資本金（円）"),
        "employees": _("常時使用する従業員"),
        "municipality": _("市区町村"),
        "address": _("所在地"),
        "website": _("ウェブサイト"),
        "summary": _("紹介文"),
        "summary_en": _("英語の紹介文"),
        "source": _("出典"),
        "referred_by": _("紹介元"),
        "state": _("状態"),
    }
    return words[group]
