"""What is counted: stable codes, their words and units."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import pgettext


class Measure(StrEnum):
    """One thing that a month's report counts."""

    ORGANIZATIONS = "new_organizations"
    NEEDS = "new_needs"
    SEEDS = "new_seeds"
    SUGGESTIONS = "suggestions"
    ACCEPTED = "accepted"
    INTRODUCTIONS = "introductions"
    TALKS = "talks"
    AGREEMENTS = "agreements"
    PROTOTYPES = "prototypes"
    COMMERCIALISATIONS = "commercialisations"
    ENCOUNTERS = "encounters"
    MEETINGS = "meetings"
    DISPATCHES = "dispatches"
    FIRMS = "firms"
    UNLISTED = "never_listed"
    QUIET = "never_suggested"


NEVER_SUGGESTED = (Measure.FIRMS, Measure.QUIET, Measure.UNLISTED)
"""What is told of the firms that nobody has been suggested to yet, as they stand on a day."""
SUMMARY = tuple(measure for measure in Measure if measure not in NEVER_SUGGESTED)
"""The month's figures, in their order."""
FUNNEL = (
    Measure.SUGGESTIONS,
    Measure.ACCEPTED,
    Measure.INTRODUCTIONS,
    Measure.TALKS,
    Measure.AGREEMENTS,
    Measure.COMMERCIALISATIONS,
)
"""From suggestion to market, each the number of cases that came to it in the month."""
BROKEN_DOWN = (
    Measure.ENCOUNTERS,
    Measure.DISPATCHES,
    Measure.INTRODUCTIONS,
    Measure.AGREEMENTS,
    Measure.COMMERCIALISATIONS,
)
"""What the tables by program, policy code, industry, ward and coordinator count."""
TREND = (Measure.DISPATCHES, Measure.INTRODUCTIONS, Measure.AGREEMENTS)
"""What is drawn over thirteen months."""
CHIEF = (
    Measure.ENCOUNTERS,
    Measure.DISPATCHES,
    Measure.INTRODUCTIONS,
    Measure.AGREEMENTS,
    Measure.COMMERCIALISATIONS,
)
"""The figures that stand large at the head of the page."""
OF_NOBODY = frozenset({Measure.ORGANIZATIONS, Measure.NEEDS, Measure.SEEDS, Measure.SUGGESTIONS})
"""What has no coordinator: left out, not zero, when the report is one coordinator's."""


def label(measure: Measure) -> str:
    """What a measure is called."""
    return {
        Measure.ORGANIZATIONS: _("新しい企業・団体"),
        Measure.NEEDS: _("公開したニーズ"),
        Measure.SEEDS: _("公開したシーズ"),
        Measure.SUGGESTIONS: _("示した候補"),
        Measure.ACCEPTED: _("採用した候補"),
        Measure.INTRODUCTIONS: pgettext("figure", "引き合わせ"),
        Measure.TALKS: _("話し合いに進んだ"),
        Measure.AGREEMENTS: pgettext("figure", "成立"),
        Measure.PROTOTYPES: _("試作に至った"),
        Measure.COMMERCIALISATIONS: _("事業化"),
        Measure.ENCOUNTERS: _("相談・訪問"),
        Measure.MEETINGS: _("うち面談"),
        Measure.DISPATCHES: _("派遣（延べ）"),
        Measure.FIRMS: _("登録企業"),
        Measure.QUIET: _("候補が出たことのない企業"),
        Measure.UNLISTED: _("うち案件を出したことのない企業"),
    }[measure]


def unit(measure: Measure) -> str:
    """In what a measure is counted."""
    if measure is Measure.DISPATCHES:
        return pgettext("counter", "回")
    if measure is Measure.ORGANIZATIONS:
        return pgettext("counter", "団体")
    if measure in NEVER_SUGGESTED:
        return pgettext("counter", "社")
    return pgettext("counter", "件")
