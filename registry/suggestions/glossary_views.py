"""Pages of the office's glossary."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.db import transaction
from registry.suggestions import glossary
from registry.suggestions.candidates import refresh_all_later
from registry.suggestions.forms import GlossaryForm
from registry.suggestions.models import GlossaryEntry
from registry.web.access import allow, viewer
from registry.web.i18n import listed
from registry.web.submit import submit

bp = Blueprint("glossary", __name__, url_prefix="/glossary")


@bp.get("")
@allow("glossary.edit")
def index() -> str:
    """All entries of the glossary."""
    return render_template("glossary/index.html", entries=glossary.entries())


@bp.route("/new", methods=["GET", "POST"])
@allow("glossary.edit")
def create() -> ResponseReturnValue:
    """Add an entry; `?word=` comes from the workbench."""
    form = GlossaryForm(japanese=request.args.get("word", "")[:80])

    def add() -> GlossaryEntry:
        refresh_all_later()
        return glossary.add_entry(form.phrases(), viewer=viewer())

    response = submit(form, add, then=_to_index, message=_("用語を加えました。"))
    return response or render_template("glossary/edit.html", form=form, entry=None)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("glossary.edit")
def edit(public_id: str) -> ResponseReturnValue:
    """Change an entry."""
    entry = glossary.get_entry(public_id)
    form = GlossaryForm(
        japanese=entry.japanese,
        english=entry.english,
        synonyms=listed(entry.synonyms),
        version=entry.version,
    )

    def change() -> None:
        refresh_all_later()
        glossary.change_entry(entry, form.phrases(), version=form.version.data, viewer=viewer())

    response = submit(form, change, then=_to_index, message=_("用語を変更しました。"))
    return response or render_template("glossary/edit.html", form=form, entry=entry)


@bp.post("/<public_id>/remove")
@allow("glossary.edit")
def remove(public_id: str) -> ResponseReturnValue:
    """Take an entry out."""
    entry = glossary.get_entry(public_id)
    with transaction():
        refresh_all_later()
        glossary.remove_entry(entry, viewer=viewer())
    flash(_("用語を除きました。"), "done")
    return redirect(url_for("glossary.index"), 303)


def _to_index(_result: object) -> str:
    return url_for("glossary.index")
