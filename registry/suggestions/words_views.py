"""Pages of kind words: telling an owner, and the office's wording for each reason."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.common.errors import DomainError
from registry.listings.queries import owner_line
from registry.suggestions import words
from registry.suggestions.forms import REASONS
from registry.suggestions.models import DecisionKind, DismissReason
from registry.suggestions.queries import get_decision
from registry.suggestions.words_forms import TellForm, WordingForm
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.i18n import LANGUAGES
from registry.web.submit import submit

bp = Blueprint("words", __name__)
bp.app_context_processor(lambda: {"words_told": words.told_about})


@bp.route("/suggestions/decisions/<public_id>/words", methods=["GET", "POST"])
@allow("suggestions.decide")
def tell(public_id: str) -> ResponseReturnValue:
    """Tell the owner of a dismissed seed in kind words; they are proposed, edited, or left."""
    decision = get_decision(public_id)
    if decision.kind is not DecisionKind.DISMISSED:
        raise DomainError(_("見送った候補だけ、ことばを伝えられます。"))
    wish = request.args.get("text", "")
    language = wish if wish in LANGUAGES else words.language_of(decision.seed.organization)
    form = TellForm(words=decision.words or words.proposed(decision, language))
    back = url_for(
        "suggestions.workbench", public_id=decision.need.public_id, decided=decision.public_id
    )
    response = submit(
        form,
        lambda: words.tell(decision, form.words.data or "", viewer=viewer()),
        then=lambda _mails: back,
        message=_told,
    )
    return response or render_template(
        "suggestions/tell.html",
        form=form,
        decision=decision,
        reason=REASONS[decision.reason or DismissReason.OTHER],
        text_language=language,
        back=back,
        owner_line=owner_line,
    )


@bp.route("/suggestions/decisions/<public_id>/words/withdraw", methods=["GET", "POST"])
@allow("suggestions.decide")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Ask once more, then take words off the owner's listing."""
    decision = get_decision(public_id)
    form = PlainForm()
    back = url_for("listings.show", public_id=decision.seed.public_id)
    response = submit(
        form,
        lambda: words.withdraw(decision, viewer=viewer()),
        then=lambda _nothing: back,
        message=_("ことばを取り下げました。"),
    )
    return response or render_template(
        "suggestions/withdraw.html", form=form, decision=decision, back=back
    )


@bp.get("/suggestions/words")
@allow("suggestions.decide")
def index() -> str:
    """The wording for every reason."""
    return render_template("suggestions/wordings.html", groups=_groups())


@bp.route("/suggestions/words/<key>", methods=["GET", "POST"])
@allow("suggestions.decide")
def edit(key: str) -> ResponseReturnValue:
    """Write the office's own wording for one reason."""
    wording = words.wording(key)
    form = WordingForm(obj=wording)
    response = submit(
        form,
        lambda: words.change(key, **form.answers(), viewer=viewer()),
        then=lambda _nothing: url_for("words.index"),
        message=_("ことばのひな形を保存しました。"),
    )
    return response or render_template(
        "suggestions/wording.html", form=form, wording=wording, label=_label(key)
    )


@bp.route("/suggestions/words/<key>/reset", methods=["GET", "POST"])
@allow("suggestions.decide")
def reset(key: str) -> ResponseReturnValue:
    """Ask once more, then go back to the wording that ships with the registry."""
    wording = words.wording(key)
    form = PlainForm()
    response = submit(
        form,
        lambda: words.reset(key, viewer=viewer()),
        then=lambda _nothing: url_for("words.index"),
        message=_("はじめのことばに戻しました。"),
    )
    return response or render_template(
        "suggestions/wording_reset.html",
        form=form,
        wording=wording,
        first=words.defaults()[key],
        label=_label(key),
    )


def _told(mails: int) -> str:
    if mails:
        return ngettext(
            "ことばを案件に載せ、メールを %(num)s 通、送信箱に入れました。",
            "ことばを案件に載せ、メールを %(num)s 通、送信箱に入れました。",
            mails,
        )
    return _("ことばを案件に載せました。宛先のメールがないので、メールは送りません。")


def _groups() -> list[tuple[str, list[tuple[str, words.Wording]]]]:
    """(occasion, [(reason, wording)…])."""
    titles = {
        "dismissed": _("候補を見送ったとき、提供元へ"),
        "declined": _("引き合わせを辞退されたとき、もう一方へ"),
    }
    rows = [(_label(one.key), one) for one in words.wordings()]
    return [
        (title, [row for row in rows if row[1].key.startswith(occasion)])
        for occasion, title in titles.items()
    ]


def _label(key: str) -> str:
    """What a reason is called."""
    occasion, _dot, reason = key.partition(".")
    if occasion == "dismissed":
        return str(REASONS[DismissReason(reason)])
    return {
        "timing": _("時期が合わない"),
        "unfit": _("内容が合わない"),
        "capacity": _("手が足りない"),
        "cost": _("費用が合わない"),
        "known": _("すでに取り引きや相談がある"),
    }.get(reason, _("その他"))
