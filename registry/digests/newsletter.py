"""The monthly newsletter: what fits one organization, why, and the letter made of it.

Only public programs, calls and events stand in it, and of the organization only what its own people
wrote. Nothing that stood in the last two newsletters comes again unless a call of it is open.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.accounts.links import absolute
from registry.accounts.models import User
from registry.common.calendar import Month
from registry.common.viewer import Viewer
from registry.db import db
from registry.digests.models import MailPreference, Newsletter
from registry.digests.preferences import INTERESTS, member_viewer
from registry.events.models import Edition, Event
from registry.events.queries import takes_registrations
from registry.events.queries import visible_to as editions_visible_to
from registry.matching import Suggestion
from registry.office.settings import office
from registry.organizations.models import Organization
from registry.programs.call_queries import open_calls
from registry.programs.choices import codes
from registry.programs.eligibility import Fit, Verdict, fits
from registry.programs.models import Call, Program, ProgramState
from registry.programs.queries import visible_to as programs_visible_to
from registry.suggestions.support import programs_for_organization
from registry.web.i18n import day as day_words
from registry.web.i18n import listed, locale, pick

MOST = 5
MOST_EVENTS = 3
MOST_WORDS = 3
AHEAD = timedelta(days=70)
"""Events within so many days are told."""
COLUMNS: Mapping[str, str] = {
    "stage": "stages",
    "trouble": "troubles",
    "service": "service_kinds",
}
"""Code list of interests → where a program keeps its codes."""


@dataclass(frozen=True)
class Item:
    """One program or event: what it is called, where it stands, why it fits."""

    title: str
    url: str
    reasons: tuple[str, ...]
    ref: str = ""


@dataclass(frozen=True)
class Letter:
    """One person's newsletter."""

    subject: str
    body: str
    programs: tuple[Item, ...] = ()
    events: tuple[Item, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits: then nothing is sent."""
        return not self.programs and not self.events


@dataclass
class _Found:
    """A program on its way into the letter."""

    program: Program
    verdict: Verdict
    suggestion: Suggestion | None = None
    interests: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int, float, int]:
        """Chosen interests first, then open calls, then nearness."""
        score = self.suggestion.score if self.suggestion else 0.0
        return (-len(self.interests), -bool(self.calls), -score, self.program.id)


def letter_for(
    user: User,
    organization: Organization,
    row: MailPreference,
    newsletter: Newsletter,
    *,
    today: date,
    told: Collection[str] = (),
) -> Letter:
    """One person's newsletter in his language. `told` are public ids of programs that stood in
    earlier ones. Call it within a request."""
    with force_locale(user.locale):
        viewer = member_viewer(user, organization)
        found = _found(organization, row, viewer, today)
        chosen = [one for one in found if one.calls or one.program.public_id not in told][:MOST]
        programs = tuple(_item(one) for one in chosen)
        events = tuple(_events(found, viewer, today))
        subject = _("支援制度の便り %(month)s号", month=Month.of(today).label(locale()))
        body = _body(user, organization, row, newsletter, programs, events)
        return Letter(subject, body, programs, events)


def unsubscribe_url(row: MailPreference) -> str:
    """Where a button ends the newsletter."""
    return absolute(f"/mail/unsubscribe/{row.token}")


def _found(
    organization: Organization, row: MailPreference, viewer: Viewer, today: date
) -> list[_Found]:
    """Programs that take new ones and are not out of the question, the best first: those near to
    what the organization does, and those of its chosen interests."""
    found = {
        help.program.id: _Found(help.program, help.verdict, help.suggestion)
        for help in programs_for_organization(organization, viewer)
    }
    wanted = {name: set(row.interests.get(name, ())) for name in INTERESTS}
    for program in db.session.scalars(programs_visible_to(viewer)):
        words = _shared_interests(program, wanted)
        if words and program.id not in found:
            verdict = fits(program, organization)
            if verdict.fit is Fit.NO:
                continue
            found[program.id] = _Found(program, verdict)
        if words:
            found[program.id].interests = words
    for call in db.session.scalars(open_calls(viewer, today)):
        if call.program_id in found:
            found[call.program_id].calls.append(call)
    running = [one for one in found.values() if one.program.state is ProgramState.ACTIVE]
    return sorted(running, key=lambda one: one.rank)


def _shared_interests(program: Program, wanted: Mapping[str, set[str]]) -> list[str]:
    """The chosen interests that a program serves, in words."""
    return [
        codes(name)[code].label(locale())
        for name, column in COLUMNS.items()
        for code in getattr(program, column)
        if code in wanted[name] and code in codes(name)
    ]


def _item(one: _Found) -> Item:
    program = one.program
    return Item(
        pick(program.title, program.title_en),
        absolute(url_for("programs.show", public_id=program.public_id)),
        tuple(_reasons(one)),
        program.public_id,
    )


def _reasons(one: _Found) -> Iterable[str]:
    """Why it fits, in words that the organization itself chose or wrote."""
    if one.interests:
        yield _("選んだ関心：%(words)s", words=listed(one.interests))
    if one.suggestion and (words := _words(one.suggestion)):
        yield _("貴社・貴団体の内容にある語「%(words)s」と合います", words=_("」「").join(words))
    if one.verdict.fit is Fit.YES:
        yield _("登録の内容では、条件に合います")
    for call in one.calls:
        title = pick(call.title, call.title_en)
        if call.closes_on:
            yield _("募集中：%(title)s（%(day)sまで）", title=title, day=day_words(call.closes_on))
        else:
            yield _("募集中：%(title)s", title=title)


def _words(suggestion: Suggestion) -> list[str]:
    """The weightiest words of the organization that met; nearness of meaning alone is no word."""
    shares: dict[str, float] = {}
    for reason in suggestion.reasons:
        if reason.link != "meaning":
            shares[reason.need_term] = shares.get(reason.need_term, 0.0) + reason.share
    return sorted(shares, key=lambda word: (-shares[word], word))[:MOST_WORDS]


def _events(found: list[_Found], viewer: Viewer, today: date) -> Iterable[Item]:
    """Events that take registrations and belong to a fitting program, the nearest first."""
    programs = {one.program.id: one.program for one in found}
    statement = (
        editions_visible_to(viewer)
        .where(
            takes_registrations(today),
            Edition.starts_on.between(today, today + AHEAD),
            Event.program_id.in_(programs),
        )
        .order_by(None)
        .order_by(Edition.starts_on, Edition.id)
        .limit(MOST_EVENTS)
    )
    for edition in db.session.scalars(statement).unique():
        program = programs[edition.event.program_id or 0]
        yield Item(
            pick(edition.title, edition.title_en),
            absolute(url_for("events.show", public_id=edition.public_id)),
            (
                _("開催日：%(day)s", day=day_words(edition.starts_on)),
                _("「%(title)s」の催しです", title=pick(program.title, program.title_en)),
            ),
        )


def _body(
    user: User,
    organization: Organization,
    row: MailPreference,
    newsletter: Newsletter,
    programs: Iterable[Item],
    events: Iterable[Item],
) -> str:
    settings = office()
    parts = [
        pick(newsletter.foreword, newsletter.foreword_en).strip(),
        _section(_("■ 支援制度と募集"), programs),
        _section(_("■ 催し"), events),
    ]
    return _(
        "%(organization)s\n%(name)s 様\n\n"
        "貴社・貴団体に合いそうな支援制度をお知らせします。\n\n"
        "%(parts)s\n\n"
        "関心や受け取りの設定を変える\n%(settings)s\n\n"
        "この便りを止める（サインインはいりません）\n%(leave)s\n\n%(office)s %(section)s",
        organization=pick(organization.name, organization.name_en),
        name=user.name,
        parts="\n\n".join(part for part in parts if part),
        settings=absolute("/account/mail"),
        leave=unsubscribe_url(row),
        office=settings.name,
        section=settings.section,
    )


def _section(head: str, items: Iterable[Item]) -> str:
    lines = [
        "\n".join(
            [
                _("・%(title)s", title=item.title),
                *(_("  合う理由：%(reason)s", reason=reason) for reason in item.reasons),
                f"  {item.url}",
            ]
        )
        for item in items
    ]
    return "\n\n".join([head, *lines]) if lines else ""
