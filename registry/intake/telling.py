"""An enquiry, or a survey's answer, as what somebody told: the text of what it goes on as."""

from flask_babel import gettext as _

from registry.common.calendar import tokyo_day
from registry.db import now
from registry.intake.following import Told
from registry.intake.models import Enquiry, SurveyCopy
from registry.programs.answers import words_of


def told_of(enquiry: Enquiry) -> Told:
    """The enquiry with the answers that were given."""
    parts = [enquiry.text, *(_("お答え：%(text)s", text=one.text) for one in enquiry.answers)]
    return Told(
        row=enquiry,
        reference=_("受付 %(reference)s", reference=enquiry.reference),
        organization=enquiry.organization,
        name=enquiry.name,
        on=tokyo_day(enquiry.received_at or now()),
        subject=enquiry.subject,
        text="\n\n".join(parts),
        topic=enquiry.topic,
        program=enquiry.program,
    )


def told_by(copy: SurveyCopy) -> Told:
    """A survey's answer: questions and answers one below the other."""
    lines = [
        _("%(question)s：%(answer)s", question=question["label"], answer=words)
        for question in copy.survey.questions
        if (words := words_of(question["type"], copy.answers.get(question["key"])))
    ]
    first = next(
        (
            str(copy.answers[question["key"]])
            for question in copy.survey.questions
            if question["type"] in ("text", "long_text") and question["key"] in copy.answers
        ),
        copy.survey.title,
    )
    return Told(
        row=copy,
        reference=_("アンケート「%(title)s」", title=copy.survey.title),
        organization=copy.organization,
        name=copy.answered_by,
        on=tokyo_day(copy.answered_at or now()),
        subject=first.split("。")[0].splitlines()[0][:60],
        text="\n".join(lines),
    )
