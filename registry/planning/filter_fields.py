"""The filters of counts as fields of a form, and as words of a definition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from sqlalchemy import select
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from registry.cases.labels import rung_label, stage_label
from registry.cases.models import Rung, Stage
from registry.db import db
from registry.encounters.labels import kind_label
from registry.encounters.models import EncounterKind
from registry.events.labels import FIGURES
from registry.events.models import Event, FigureKind
from registry.places.labels import KINDS as PLACE_KINDS
from registry.places.models import PlaceKind
from registry.policy.counting import Count
from registry.programs import labels
from registry.programs.models import EnrolmentStep, Program, ProgramState
from registry.web.i18n import listed, pick

Options = Sequence[tuple[str, str]]
AS_OF = "as_of"
PREFIX = "f_"
"""Names of filter fields on a form begin with it."""


@dataclass(frozen=True)
class Filter:
    """One filter: its words, and how it is asked: "one" or "many" of options, "words" typed with 、
    between them, or "yes" ticked."""

    label: str
    shape: str
    options: Callable[[], Options] = lambda: ()
    help: str = ""


def _programs() -> Options:
    rows = db.session.execute(
        select(Program.key, Program.title, Program.title_en)
        .where(Program.state != ProgramState.DRAFT)
        .order_by(Program.title)
    )
    return [(key, pick(title, english)) for key, title, english in rows]


def _events() -> Options:
    rows = db.session.execute(select(Event.key, Event.title, Event.title_en).order_by(Event.title))
    return [(key, pick(title, english)) for key, title, english in rows]


def _steps() -> Options:
    names: dict[str, str] = {}
    for step in db.session.scalars(select(EnrolmentStep.step).distinct()):
        names[step] = step
    for kept in db.session.scalars(select(Program.stage_names)):
        for key, words in (kept or {}).items():
            names[key] = pick(words.get("ja", key), words.get("en")) if words else key
    return sorted(names.items())


ENCOUNTER_KINDS = Filter(
    _l("種類"), "many", lambda: [(kind.value, kind_label(kind)) for kind in EncounterKind]
)
KINDS_OF_PLACES = Filter(
    _l("施設の種類"), "many", lambda: [(kind.value, str(PLACE_KINDS[kind])) for kind in PlaceKind]
)
FILTERS: Mapping[str, Filter] = {
    "program": Filter(lazy_pgettext("one", "支援制度"), "many", _programs),
    "results": Filter(
        _l("結果"), "many", lambda: [(r.value, str(words)) for r, words in labels.RESULTS.items()]
    ),
    "states": Filter(
        _l("申込の状態"),
        "many",
        lambda: [(s.value, str(words)) for s, words in labels.ENROLMENT_STATES.items()],
        _l("選ばなければ、採択・実施中・完了を数えます。"),
    ),
    "member_class": Filter(
        _l("会員の区分"),
        "one",
        lambda: [(m.value, str(words)) for m, words in labels.MEMBER_CLASSES.items()],
    ),
    "topics": Filter(_l("区分・部門"), "words", help=_l("「、」で区切ります。例：生産工程向上")),
    "step": Filter(_l("支援の段階"), "one", _steps),
    "event": Filter(lazy_pgettext("one", "催し"), "one", _events),
    "figure": Filter(
        _l("数値"), "one", lambda: [(kind.value, str(FIGURES[kind])) for kind in FigureKind]
    ),
    "stage": Filter(_l("段階"), "one", lambda: [(s.value, stage_label(s)) for s in Stage]),
    "rung": Filter(_l("成果"), "one", lambda: [(r.value, rung_label(r)) for r in Rung]),
    "desks": Filter(_l("場所・窓口"), "words", help=_l("「、」で区切ります。")),
    "countries": Filter(_l("国"), "words", help=_l("「、」で区切ります。")),
    "with_supporters": Filter(_l("支援機関が同行したものだけ"), "yes"),
    AS_OF: Filter(
        _l("数える時点"), "words", help=_l("年月を「、」で区切ります。例：2018-01、2019-01")
    ),
}


def filter_of(name: str, measure: str) -> Filter:
    """The filter of that name in a count: kinds mean other things in other rooms."""
    if name == "kinds":
        return ENCOUNTER_KINDS if measure.startswith("encounters.") else KINDS_OF_PLACES
    return FILTERS[name]


def names_of(count: Count) -> list[str]:
    """The filters of a count in the order of a form; the days of a stock last."""
    order = ["program", "kinds", *FILTERS]
    keys = sorted(count.keys, key=order.index)
    return [*keys, AS_OF] if count.at is not None else keys


def fields_of(count: Count) -> dict[str, Field]:
    """Form fields by name, unbound, for the filters of a count."""
    return {PREFIX + name: _field(filter_of(name, count.name)) for name in names_of(count)}


def _field(one: Filter) -> Any:
    if one.shape == "yes":
        return BooleanField(one.label)
    if one.shape == "words":
        return StringField(
            one.label, description=one.help, validators=[Optional(), Length(max=400)]
        )
    if one.shape == "one":
        return SelectField(
            one.label,
            description=one.help,
            choices=lambda: [("", _("決めない")), *one.options()],
            validators=[Optional()],
        )
    return SelectMultipleField(
        one.label,
        description=one.help or _l("選ばなければ、すべてを数えます。"),
        choices=one.options,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )


def stored(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The values of form fields for stored filters."""
    found: dict[str, Any] = {}
    for name, value in filters.items():
        if name == AS_OF:
            value = "、".join(str(text).removesuffix("-asof") for text in value)
        elif name in FILTERS and FILTERS[name].shape == "words":
            value = "、".join(value)
        elif isinstance(value, str) and (name == "kinds" or FILTERS[name].shape == "many"):
            value = [value]
        found[PREFIX + name] = value
    return found


def read(count: Count, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The filters that a form's answers mean; what was left open is left out."""
    found: dict[str, Any] = {}
    for name in names_of(count):
        value, shape = answers.get(PREFIX + name), filter_of(name, count.name).shape
        if shape == "words":
            parts = (value or "").replace(",", "、").replace("，", "、").split("、")
            value = [part.strip() for part in parts if part.strip()]
        if name == "program" and value and len(value) == 1:
            value = value[0]
        if value:
            found[name] = value
    return found


def in_words(measure: str, filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(filter, what it is set to) in words."""
    told = []
    for name, value in filters.items():
        if name != "kinds" and name not in FILTERS:
            continue
        one = filter_of(name, measure)
        if one.shape == "yes":
            told.append((str(one.label), _("はい")))
            continue
        values = [value] if isinstance(value, str) else list(value)
        if one.shape != "words":
            known = dict(one.options())
            values = [known.get(str(part), str(part)) for part in values]
        told.append((str(one.label), listed(str(part).removesuffix("-asof") for part in values)))
    return told
