"""Pages on which the figures of an edition are written and corrected."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.events import figures, labels
from registry.events.fair_forms import DeleteForm, FigureEditForm, FigureForm
from registry.events.figures import FigureWords, get_figure
from registry.events.queries import get_edition
from registry.events.writing import refuse_others
from registry.web.access import allow, viewer
from registry.web.submit import submit

bp = Blueprint("event_figures", __name__)


@bp.route("/editions/<public_id>/figures/new", methods=["GET", "POST"])
@allow("events.write")
def create(public_id: str) -> ResponseReturnValue:
    """Write a figure down that others counted."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    form = FigureForm()
    response = submit(
        form,
        lambda: figures.write_figure(edition, _words(form), viewer=viewer()),
        then=lambda _row: url_for("events.edition", public_id=public_id),
        message=_("数値を記録しました。"),
    )
    return response or render_template("events/figure_new.html", form=form, edition=edition)


@bp.route("/event-figures/<public_id>/edit", methods=["GET", "POST"])
@allow("events.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct a figure; the log keeps what it was."""
    figure = get_figure(public_id, viewer())
    names = ("kind", "value", "approximate", "as_of", "note", "source", "version")
    form = FigureEditForm(data={name: getattr(figure, name) for name in names})
    response = submit(
        form,
        lambda: figures.correct_figure(
            figure, _words(form), version=form.version.data, viewer=viewer()
        ),
        then=lambda _nothing: url_for("events.edition", public_id=figure.edition.public_id),
        message=_("数値を訂正しました。前の値は変更の記録に残っています。"),
    )
    return response or render_template("events/figure_edit.html", form=form, figure=figure)


@bp.route("/event-figures/<public_id>/delete", methods=["GET", "POST"])
@allow("events.write")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a wrong figure, with a reason."""
    figure = get_figure(public_id, viewer())
    edition_id = figure.edition.public_id
    form = DeleteForm()
    response = submit(
        form,
        lambda: figures.remove_figure(figure, reason=form.reason.data or "", viewer=viewer()),
        then=lambda _nothing: url_for("events.edition", public_id=edition_id),
        message=_("消しました。中身は変更の記録に残っています。"),
    )
    return response or render_template(
        "events/figure_delete.html", form=form, figure=figure, labels=labels
    )


def _words(form: Any) -> FigureWords:
    return FigureWords(
        kind=form.kind.data,
        value=form.value.data,
        approximate=bool(form.approximate.data),
        as_of=form.as_of.data or "",
        note=form.note.data or "",
        source=form.source.data or "",
    )
