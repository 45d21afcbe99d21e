"""What the pages of indicators show and what their forms mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select, case, literal, select
from sqlalchemy.orm import joinedload

from registry.common.errors import DomainError
from registry.common.fiscal import FiscalYear
from registry.common.viewer import Viewer
from registry.db import db
from registry.formats import charts
from registry.planning import filter_fields
from registry.planning.filter_fields import AS_OF, PREFIX
from registry.planning.indicator_forms import IndicatorForm, no_change
from registry.policy.codes import parse_code, read_code
from registry.policy.counting import Count
from registry.policy.indicators import IndicatorWords
from registry.policy.labels import PERIOD_TYPES, RULES
from registry.policy.models import CountingRule, Indicator, PolicyCode
from registry.policy.periods import PeriodProblem, parse_period
from registry.policy.queries import all_codes, get_row, ids_within
from registry.programs.models import Program, ProgramIndicator
from registry.reports.counts import COUNTS
from registry.reports.yearly import Result, first_year, results_between
from registry.reports.yearly_sentences import label_of, unit_of
from registry.web.i18n import locale, pick

BY_HAND = "by-hand"
FEWEST_POINTS = 2


@dataclass(frozen=True)
class IndicatorFilter:
    """What a list of indicators is narrowed to; empty means all. `how` is a counting rule, "by-hand"
    or "counted"; `state` is "" (in use), "retired" or "all"."""

    code: str = ""
    text: str = ""
    program: str = ""
    how: str = ""
    state: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.code or self.text or self.program or self.how or self.state)


def indicators(wanted: IndicatorFilter, viewer: Viewer) -> Select[Indicator]:
    """Statement of the indicators that fit, by code, for paging."""
    places = {row.id: place for place, row in enumerate(all_codes())}
    statement = (
        select(Indicator)
        .options(joinedload(Indicator.policy_code))
        .join(Indicator.policy_code)
        .order_by(_place(places), Indicator.position, Indicator.id)
    )
    if not viewer.is_staff:
        statement = statement.where(Indicator.is_public)
    if wanted.state != "all":
        statement = statement.where(Indicator.retired.is_(wanted.state == "retired"))
    if wanted.code:
        statement = statement.where(Indicator.policy_code_id.in_(ids_within(wanted.code)))
    if wanted.text:
        like = Indicator.label.contains(wanted.text, autoescape=True)
        english = Indicator.label_en.icontains(wanted.text, autoescape=True)
        statement = statement.where(like | english | (Indicator.key == wanted.text))
    if wanted.program:
        of = select(ProgramIndicator.indicator_id).join(ProgramIndicator.program)
        statement = statement.where(Indicator.id.in_(of.where(Program.key == wanted.program)))
    if wanted.how == BY_HAND:
        statement = statement.where(Indicator.measure == "")
    elif wanted.how == "counted":
        statement = statement.where(Indicator.measure != "")
    elif wanted.how in set(CountingRule):
        statement = statement.where(Indicator.rule == CountingRule(wanted.how))
    return statement


def _place(places: Mapping[int, int]) -> Any:
    if not places:
        return literal(0)
    return case(places, value=Indicator.policy_code_id, else_=len(places))


def count_named(measure: str) -> Count | None:
    """The count that a measure names; None when figures are read by hand."""
    return COUNTS.get(measure)


def what_is_counted(indicator: Indicator) -> str:
    """In words."""
    count = count_named(indicator.measure)
    return str(count.label) if count else _("手で報告する数値")


def program_of(indicator: Indicator) -> Program | None:
    """The program whose outcome it tells."""
    statement = select(Program).join(ProgramIndicator, ProgramIndicator.program_id == Program.id)
    return db.session.scalar(statement.where(ProgramIndicator.indicator_id == indicator.id))


def definition(indicator: Indicator) -> list[tuple[str, str]]:
    """(term, words) of what the indicator counts, and how."""
    told = [(_("数えるもの"), what_is_counted(indicator))]
    told += filter_fields.in_words(indicator.measure, indicator.filters)
    told += [
        (_("数え方"), str(RULES[indicator.rule])),
        (_("期間"), str(PERIOD_TYPES[indicator.period_type])),
        (_("単位"), unit_of(indicator).strip()),
    ]
    if indicator.part_of is not None:
        told.append((_("もとの指標"), label_of(indicator.part_of)))
    if indicator.opening_balance is not None and indicator.opening_year is not None:
        year = FiscalYear(indicator.opening_year).label(locale())
        told.append(
            (
                _("期首の残高"),
                _("%(n)s（%(year)s末）", n=f"{indicator.opening_balance:,}", year=year),
            )
        )
    if indicator.counted_from is not None:
        told.append((_("数え始めた年度"), FiscalYear(indicator.counted_from).label(locale())))
    if indicator.counts_parties:
        told.append((_("少ない数"), _("企業・団体の数なので、1 と 2 は庁外に示しません。")))
    return told


def figures_of(indicator: Indicator, *, last: FiscalYear, inside: bool) -> list[Result]:
    """Every figure of an indicator from the plans' first year on, the oldest first."""
    span = range(first_year(), last.year + 1)
    found = results_between(span, inside=inside, only={indicator.id})
    known = [one for one in found if one.actual is not None or one.withheld]
    return sorted(known, key=lambda one: (one.period.last, one.period.text))


def chart_of(indicator: Indicator, found: list[Result]) -> Markup | None:
    """Bars of the figures of all years; None for fewer than two."""
    told = [one for one in found if one.actual is not None]
    if len(told) < FEWEST_POINTS:
        return None
    rows = [{"period": one.period.text.removesuffix("-end"), "value": one.actual} for one in told]
    words = "、".join(f"{row['period']} {row['value']:f}" for row in rows)
    svg = charts.bars(
        rows,
        "period",
        "value",
        title=label_of(indicator),
        description=words,
        locale=locale(),
        y_title=unit_of(indicator).strip(),
    )
    return Markup(svg) if svg else None  # noqa: S704 -- formats.charts escapes


def offer(form: IndicatorForm, indicator: Indicator | None) -> None:
    """Set what can be chosen."""
    rows = sorted(all_codes(), key=lambda row: (row.plan, parse_code(row.code)))
    form.policy_code.choices = [
        (f"{row.plan}/{row.code}", f"{row.code} {pick(row.title, row.title_en)} ({row.plan})")
        for row in rows
    ]
    others = db.session.scalars(
        select(Indicator).options(joinedload(Indicator.policy_code)).order_by(Indicator.id)
    )
    form.part_of.choices = [
        ("", no_change()),
        *(
            (row.public_id, f"{row.policy_code.code} {label_of(row)}")
            for row in sorted(
                others, key=lambda row: (parse_code(row.policy_code.code), row.position)
            )
            if indicator is None or row.id != indicator.id
        ),
    ]
    form.program.choices = [
        ("", no_change()),
        *filter_fields.FILTERS["program"].options(),
    ]


def stored(indicator: Indicator) -> dict[str, Any]:
    """Values of the form for a stored indicator."""
    program = program_of(indicator)
    names = [
        "label",
        "label_en",
        "unit",
        "unit_en",
        "rule",
        "period_type",
        "opening_balance",
        "opening_year",
        "counted_from",
        "counts_parties",
        "is_public",
        "sentence",
        "sentence_en",
        "note",
        "source",
        "version",
    ]
    return {
        **{name: getattr(indicator, name) for name in names},
        "policy_code": f"{indicator.policy_code.plan}/{indicator.policy_code.code}",
        "part_of": indicator.part_of.public_id if indicator.part_of else "",
        "program": program.key if program else "",
        **filter_fields.stored(indicator.filters),
    }


def words_of(form: IndicatorForm, count: Count | None) -> IndicatorWords:
    """What a form means. Raises DomainError at the field that cannot be read."""
    plan, _slash, code = (form.policy_code.data or "").rpartition("/")
    row: PolicyCode = get_row(plan, code)
    filters = filter_fields.read(count, form.data) if count else {}
    if AS_OF in filters:
        filters[AS_OF] = [_as_of(text) for text in filters[AS_OF]]
    part = form.part_of.data
    return IndicatorWords(
        policy_code=row,
        label=(form.label.data or "").strip(),
        label_en=(form.label_en.data or "").strip(),
        unit=(form.unit.data or "").strip(),
        unit_en=(form.unit_en.data or "").strip(),
        period_type=form.period_type.data,
        rule=form.rule.data,
        key=(form.key.data or "").strip() if form.key else "",
        part_of=db.session.scalar(select(Indicator).where(Indicator.public_id == part))
        if part
        else None,
        measure=count.name if count else "",
        filters=filters,
        opening_balance=form.opening_balance.data,
        opening_year=form.opening_year.data,
        counted_from=form.counted_from.data,
        counts_parties=bool(form.counts_parties.data),
        sentence=(form.sentence.data or "").strip(),
        sentence_en=(form.sentence_en.data or "").strip(),
        is_public=bool(form.is_public.data),
        note=(form.note.data or "").strip(),
        source=(form.source.data or "").strip(),
    )


def tie_program(indicator: Indicator, key: str) -> None:
    """Make it tell what came of the program of that key, or of none."""
    tie = db.session.get(ProgramIndicator, indicator.id)
    program = db.session.scalar(select(Program).where(Program.key == key)) if key else None
    if tie is not None and (program is None or tie.program_id != program.id):
        db.session.delete(tie)
        db.session.flush()
        tie = None
    if program is not None and tie is None:
        db.session.add(ProgramIndicator(indicator_id=indicator.id, program_id=program.id))
        db.session.flush()


def at_field(error: DomainError, form: IndicatorForm) -> DomainError:
    """The same refusal, at the form's field of a filter."""
    if error.field and PREFIX + error.field in form:
        return DomainError(error.message, field=PREFIX + error.field)
    return error


def clean_code(text: str) -> str:
    """A code typed in any width as it is written, or nothing."""
    code = read_code(text)
    return str(code) if code else ""


def _as_of(text: str) -> str:
    for asked in (f"{text}-asof", text):
        try:
            period = parse_period(asked)
        except PeriodProblem:
            continue
        if period.text.endswith("-asof"):
            return period.text
    raise DomainError(_("「%(text)s」は年月として読めません。例：2018-01", text=text), field=AS_OF)
