"""The month in sentences, generated from its figures in the plan's manner.

A figure stands between two marks of a private use area, so that a page may print it bold
(`emphasised`) and a file plain (`plain`).
"""

from flask_babel import gettext as _
from flask_babel import ngettext, npgettext
from markupsafe import Markup, escape

from registry.reports.measures import Measure
from registry.reports.monthly import MonthlyReport
from registry.reports.naming import fiscal_year_label, month_label
from registry.web.i18n import day, locale, number

BEGIN, END = "\ue000", "\ue001"
OLD = 180
"""Open cases of more days than these are named."""


def plain(text: str) -> str:
    """A sentence without marks."""
    return text.replace(BEGIN, "").replace(END, "")


def emphasised(text: str) -> Markup:
    """A sentence for a page, its figures in <strong>."""
    marked = str(escape(text)).replace(BEGIN, "<strong>").replace(END, "</strong>")
    return Markup(marked)  # noqa: S704 -- everything but the two tags was escaped above


def lead(report: MonthlyReport) -> list[str]:
    """The month's paragraphs, with marked figures: what was done, what came of it, what stands.

    That nothing happened is said in words.
    """
    arrivals = [] if report.filters.coordinator else _arrivals(report)
    paragraphs = (
        [_activity(report), *arrivals],
        [*_matches(report), _this_year(report), _fruit(report)],
        [_standing(report), _lonely(report)],
    )
    space = " " if locale() == "en" else ""
    return [space.join(sentence for sentence in said if sentence) for said in paragraphs]


def _n(count: int) -> str:
    return f"{BEGIN}{number(count)}{END}"


def _cases(count: int) -> str:
    return npgettext("match", "%(n)s 件", "%(n)s 件", count, n=_n(count))


def _activity(report: MonthlyReport) -> str:
    met, sent = report.counts[Measure.ENCOUNTERS], report.counts[Measure.DISPATCHES]
    month = month_label(report.month)
    if report.is_running:
        month = _("%(month)s（%(day)s 日まで）", month=month, day=report.until.day)
    encounters = ngettext("相談・訪問を %(n)s 件", "相談・訪問を %(n)s 件", met, n=_n(met))
    dispatches = ngettext(
        "コーディネーター等を延べ %(n)s 回", "コーディネーター等を延べ %(n)s 回", sent, n=_n(sent)
    )
    if met and sent:
        return _(
            "%(month)sは、%(encounters)s行い、%(dispatches)s派遣しました。",
            month=month,
            encounters=encounters,
            dispatches=dispatches,
        )
    if met:
        return _(
            "%(month)sは、%(encounters)s行いました。派遣はありませんでした。",
            month=month,
            encounters=encounters,
        )
    if sent:
        return _(
            "%(month)sは、%(dispatches)s派遣しました。相談・訪問はありませんでした。",
            month=month,
            dispatches=dispatches,
        )
    return _("%(month)sは、相談・訪問と派遣はありませんでした。", month=month)


def _arrivals(report: MonthlyReport) -> list[str]:
    came, found = report.counts[Measure.ORGANIZATIONS], report.counts[Measure.SUGGESTIONS]
    organizations = ngettext("企業・団体 %(n)s 団体", "企業・団体 %(n)s 団体", came, n=_n(came))
    listings = _listings(report.counts[Measure.NEEDS], report.counts[Measure.SEEDS])
    if came and listings:
        arrived = _(
            "新たに%(organizations)sが加わり、%(listings)sを公開しました。",
            organizations=organizations,
            listings=listings,
        )
    elif came:
        arrived = _("新たに%(organizations)sが加わりました。", organizations=organizations)
    elif listings:
        arrived = _("新たに%(listings)sを公開しました。", listings=listings)
    else:
        arrived = _("新しく登録した企業・団体、ニーズ、シーズはありませんでした。")
    if not found:
        return [arrived, _("新しい候補はありませんでした。")]
    return [
        arrived,
        ngettext(
            "ニーズに合うシーズの候補を %(n)s 件示しました。",
            "ニーズに合うシーズの候補を %(n)s 件示しました。",
            found,
            n=_n(found),
        ),
    ]


def _listings(needs: int, seeds: int) -> str:
    of_needs = ngettext("ニーズ %(n)s 件", "ニーズ %(n)s 件", needs, n=_n(needs)) if needs else ""
    of_seeds = ngettext("シーズ %(n)s 件", "シーズ %(n)s 件", seeds, n=_n(seeds)) if seeds else ""
    if needs and seeds:
        return _("%(needs)sと%(seeds)s", needs=of_needs, seeds=of_seeds)
    return of_needs or of_seeds


def _matches(report: MonthlyReport) -> list[str]:
    met = report.counts[Measure.INTRODUCTIONS]
    talks, agreed = report.counts[Measure.TALKS], report.counts[Measure.AGREEMENTS]
    introduced = (
        ngettext(
            "ニーズとシーズの引き合わせは %(n)s 件でした。",
            "ニーズとシーズの引き合わせは %(n)s 件でした。",
            met,
            n=_n(met),
        )
        if met
        else _("新しい引き合わせはありませんでした。")
    )
    if talks and agreed:
        went = _(
            "%(talks)sが話し合いに進み、マッチング %(agreements)sが成立しました。",
            talks=_cases(talks),
            agreements=_cases(agreed),
        )
    elif agreed:
        went = _("マッチング %(agreements)sが成立しました。", agreements=_cases(agreed))
    elif talks:
        went = _("%(talks)sが話し合いに進みましたが、成立はありませんでした。", talks=_cases(talks))
    else:
        went = _("成立はありませんでした。")
    return [introduced, went]


def _this_year(report: MonthlyReport) -> str:
    agreed, year = report.fiscal_year[Measure.AGREEMENTS], fiscal_year_label(report.month)
    if not agreed:
        return _("%(year)sの成立は、この月まで、まだありません。", year=year)
    return ngettext(
        "%(year)sの成立は、この月までの計で %(n)s 件です。",
        "%(year)sの成立は、この月までの計で %(n)s 件です。",
        agreed,
        year=year,
        n=_n(agreed),
    )


def _fruit(report: MonthlyReport) -> str:
    made = report.counts[Measure.PROTOTYPES]
    sold = report.counts[Measure.COMMERCIALISATIONS]
    if made and sold:
        return _(
            "また、%(made)sが試作に、%(sold)sが事業化に至りました。",
            made=_cases(made),
            sold=_cases(sold),
        )
    if sold:
        return _("また、%(sold)sが事業化に至りました。", sold=_cases(sold))
    if made:
        return _("また、%(made)sが試作に至りました。", made=_cases(made))
    return _("試作や事業化に至ったものはありませんでした。")


def _standing(report: MonthlyReport) -> str:
    count = sum(age.count for age in report.open_cases)
    old = sum(age.count for age in report.open_cases if age.low > OLD)
    until = day(report.until)
    if not count:
        return _("%(day)s現在、進行中のマッチングはありません。", day=until)
    standing = ngettext(
        "%(day)s現在、進行中のマッチングは %(n)s 件です。",
        "%(day)s現在、進行中のマッチングは %(n)s 件です。",
        count,
        day=until,
        n=_n(count),
    )
    if not old:
        return standing
    return _(
        "%(standing)sこのうち %(old)sは、始めてから %(days)s 日を超えています。",
        standing=standing,
        old=_cases(old),
        days=OLD,
    )


def _lonely(report: MonthlyReport) -> str:
    total, alone = report.needs_open, report.needs_alone
    if total is None or alone is None:
        return ""
    if not total:
        return _("公開中のニーズはありません。")
    needs = ngettext("ニーズ %(n)s 件", "ニーズ %(n)s 件", total, n=_n(total))
    if not alone:
        return _("公開中の%(needs)sには、すべて候補があります。", needs=needs)
    return _(
        "公開中の%(needs)sのうち、%(alone)s 件には候補がありません。", needs=needs, alone=_n(alone)
    )
