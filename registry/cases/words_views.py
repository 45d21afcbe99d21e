"""Page of kind words to a party after the other side declined."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.cases import party_words
from registry.cases.queries import get_case, party_of
from registry.common import calendar
from registry.common.errors import DomainError
from registry.suggestions.words import language_of
from registry.suggestions.words_forms import TellForm
from registry.web.access import allow, viewer
from registry.web.i18n import LANGUAGES
from registry.web.submit import submit

bp = Blueprint("case_words", __name__)
bp.app_context_processor(lambda: {"may_be_told": party_words.may_be_told})


@bp.route("/cases/<public_id>/parties/<party_id>/words", methods=["GET", "POST"])
@allow("cases.work")
def tell(public_id: str, party_id: str) -> ResponseReturnValue:
    """Tell a party in kind words that the introduction did not come about."""
    case = get_case(public_id, viewer())
    party = party_of(case, party_id)
    if not party_words.may_be_told(party):
        raise DomainError(_("辞退の返事がないので、伝えることばはありません。"))
    wish = request.args.get("text", "")
    language = wish if wish in LANGUAGES else language_of(party.organization)
    form = TellForm(words=party.words or party_words.proposed(party, language))
    back = url_for("cases.show", public_id=case.public_id)
    response = submit(
        form,
        lambda: party_words.tell(
            party, form.words.data or "", today=calendar.today(), viewer=viewer()
        ),
        then=lambda _mails: back,
        message=_told,
    )
    return response or render_template(
        "cases/tell.html", form=form, case=case, party=party, text_language=language, back=back
    )


def _told(mails: int) -> str:
    if mails:
        return ngettext(
            "ことばを相手の画面に載せ、メールを %(num)s 通、送信箱に入れました。",
            "ことばを相手の画面に載せ、メールを %(num)s 通、送信箱に入れました。",
            mails,
        )
    return _("ことばを相手の画面に載せました。宛先のメールがないので、電話などで伝えてください。")
