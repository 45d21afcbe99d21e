"""Pages of the office room: its settings, and the code lists that ship with the registry."""

from dataclasses import asdict

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.common import codelists
from registry.office import settings as office_settings
from registry.office.code_pages import industry_rows, municipality_rows
from registry.office.forms import OfficeForm, show_months
from registry.office.settings import office
from registry.web.access import allow, viewer
from registry.web.i18n import locale
from registry.web.submit import submit

bp = Blueprint("office", __name__)


@bp.route("/admin/settings", methods=["GET", "POST"])
@allow("office.administer")
def settings() -> str | Response:
    """Who the office is and how it works."""
    stored = office()
    values = {**asdict(stored), "check_in_months": show_months(stored.check_in_months)}
    form = OfficeForm(data=values)
    if response := submit(
        form,
        lambda: office_settings.change(form.office(), viewer=viewer()),
        then=lambda _nothing: url_for("office.settings"),
        message=_("設定を保存しました。"),
    ):
        g.pop("office", None)
        return response
    return render_template("office/settings.html", form=form)


@bp.get("/admin/code-lists")
@allow("office.administer")
def code_lists() -> str:
    """The code lists with their source and revision."""
    return render_template(
        "office/code_lists.html",
        revision=codelists.JSIC_REVISION,
        industries=len(codelists.industries()),
        municipalities=len(codelists.municipalities()),
    )


@bp.get("/admin/code-lists/industries")
@allow("office.administer")
def industries() -> str:
    """The Japan Standard Industrial Classification, divisions and major groups."""
    text = request.args.get("q", "").strip()[:100]
    rows = industry_rows(text, locale())
    return render_template(
        "office/industries.html", rows=rows, text=text, revision=codelists.JSIC_REVISION
    )


@bp.get("/admin/code-lists/municipalities")
@allow("office.administer")
def municipalities() -> str:
    """Prefectures, municipalities and wards by their public code."""
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "office/municipalities.html", rows=municipality_rows(text, locale()), text=text
    )
