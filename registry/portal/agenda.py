"""What today and tomorrow bring: encounters by the hour, and steps that are due."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from markupsafe import Markup, escape

from registry.cases.models import Case
from registry.cases.queries import due_cases, due_encounters
from registry.db import db
from registry.encounters.labels import kind_label
from registry.encounters.models import Encounter
from registry.portal.desk_parts import case_url
from registry.portal.desk_queries import Scope, met_between
from registry.portal.links import address
from registry.web.i18n import listed, pick

MOST = 12


@dataclass(frozen=True)
class Agenda:
    """Lines of today and of tomorrow: (hour or day, text, note)."""

    today: list[tuple[str, Markup, str]]
    tomorrow: list[tuple[str, Markup, str]]

    @property
    def lines(self) -> list[tuple[str, Markup, str]]:
        """All lines in their order."""
        return [*self.today, *self.tomorrow][:MOST]


def agenda_of(scope: Scope) -> Agenda:
    """The agenda of a desk."""
    tomorrow = scope.today + timedelta(days=1)
    return Agenda(_lines(scope, scope.today), _lines(scope, tomorrow))


def _lines(scope: Scope, day: date) -> list[tuple[str, Markup, str]]:
    met = db.session.scalars(met_between(scope, day, day).limit(MOST))
    lines = [_encounter_line(encounter, scope.today) for encounter in met]
    when = _("今日") if day == scope.today else _("明日")
    due = due_cases(scope.viewer, until=day, mine=scope.mine).where(Case.next_due == day)
    for case in db.session.scalars(due.limit(MOST)):
        link = _link(f"{case.reference} {case.title}", case_url(case))
        lines.append((when, link, case.next_step))
    steps = due_encounters(scope.viewer, until=day, mine=scope.mine)
    for encounter in db.session.scalars(steps.where(Encounter.next_due == day).limit(MOST)):
        lines.append((when, _link(encounter.subject, _address(encounter)), encounter.next_step))
    return lines


def _encounter_line(met: Encounter, today: date) -> tuple[str, Markup, str]:
    hour = f"{met.starts_at:%H:%M}" if met.starts_at else ""
    when = hour if met.held_on == today else _("明日 %(hour)s", hour=hour)
    names = listed(pick(o.name, o.name_en) for o in met.organizations)
    return (
        str(when).strip() or str(_("今日")),
        _link(f"{kind_label(met.kind)}\u2003{names}".strip(), _address(met)),
        met.subject,
    )


def _address(met: Encounter) -> str | None:
    return address("encounters.show", public_id=met.public_id)


def _link(text: str, url: str | None) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, text) if url else escape(text)
