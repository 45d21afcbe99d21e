"""Pages of the policy tree: plan periods side by side, a page per code, cross tags."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.fiscal import FiscalYear
from registry.planning import code_page
from registry.planning.tree_forms import CodeForm, NewCodeForm, NewTagForm, PeriodForm, TagForm
from registry.policy import queries, tree
from registry.policy.labels import LEVELS, TAG_KINDS
from registry.policy.remarks import remarks_on
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.submit import submit

bp = Blueprint("policy", __name__)


@bp.get("/policy")
@allow("policy.read")
def index() -> str:
    """The tree of every plan period side by side; ?q= narrows it to a code or words."""
    text = request.args.get("q", "").strip()[:200]
    return render_template(
        "policy/index.html",
        text=text,
        periods=queries.periods(),
        entries=queries.search_codes(text) if text else queries.side_by_side(),
        counts=code_page.counts_by_code(viewer()),
        tags=queries.cross_tags(),
        tagged=code_page.programs_by_tag(),
        tag_kinds=TAG_KINDS,
    )


@bp.get("/policy/<code>")
@allow("policy.read")
def show(code: str) -> str:
    """One code: what plans call it, its programs, indicators with figures by year, remarks."""
    entry = queries.get_entry(code)
    indicators = code_page.indicators_within(entry.code, viewer())
    return render_template(
        "policy/show.html",
        entry=entry,
        path=queries.path_of(entry.newest)[:-1],
        level=LEVELS[entry.code.level],
        below=[e for e in queries.side_by_side() if e.code.parent == entry.code],
        programs=code_page.programs_within(entry, viewer()),
        figures=code_page.by_years(
            indicators,
            last=FiscalYear.of(calendar.today()),
            inside=viewer().may("yearly.open"),
        ),
        remarks=remarks_on(entry.code, viewer()),
        periods={period.key: period for period in queries.periods()},
        form=PlainForm(),
        this_year=FiscalYear.of(calendar.today()),
    )


@bp.route("/policy/<code>/<plan>/edit", methods=["GET", "POST"])
@allow("policy.edit")
def edit(code: str, plan: str) -> ResponseReturnValue:
    """Change a title and the other ways in which the plan prints it."""
    row = queries.get_row(plan, code)
    form = CodeForm(
        version=tree.seen(row),
        title=row.title,
        title_en=row.title_en,
        aliases="\n".join(row.aliases),
    )
    response = submit(
        form,
        lambda: tree.edit_code(
            row,
            title=form.title.data or "",
            title_en=form.title_en.data or "",
            aliases=form.lines(),
            version=form.version.data or 0,
            viewer=viewer(),
        ),
        then=lambda _row: url_for("policy.show", code=row.code),
        message=_("変更しました。"),
    )
    return response or render_template("policy/edit.html", form=form, row=row)


@bp.route("/policy/periods/<plan>/new-code", methods=["GET", "POST"])
@allow("policy.edit")
def add(plan: str) -> ResponseReturnValue:
    """Put a code into the tree of a plan period."""
    period, form = queries.get_period(plan), NewCodeForm()
    response = submit(
        form,
        lambda: tree.add_code(
            plan,
            code=form.code.data or "",
            title=form.title.data or "",
            title_en=form.title_en.data or "",
            aliases=form.lines(),
            viewer=viewer(),
        ),
        then=lambda row: url_for("policy.show", code=row.code),
        message=_("加えました。"),
    )
    return response or render_template("policy/add.html", form=form, period=period)


@bp.route("/policy/<code>/<plan>/remove", methods=["GET", "POST"])
@allow("policy.edit")
def remove(code: str, plan: str) -> ResponseReturnValue:
    """Take a code that nothing uses out of a plan period."""
    row, form = queries.get_row(plan, code), PlainForm()
    response = submit(
        form,
        lambda: tree.remove_code(row, viewer=viewer()),
        then=lambda _nothing: url_for("policy.index"),
        message=_("番号を除きました。"),
    )
    return response or render_template("policy/remove.html", form=form, row=row)


@bp.route("/policy/periods/new", methods=["GET", "POST"])
@allow("policy.edit")
def begin() -> ResponseReturnValue:
    """Begin a plan period with the tree of an older one."""
    form, known = PeriodForm(), queries.periods()
    form.origin.choices = [(period.key, period.title) for period in reversed(known)]
    response = submit(
        form,
        lambda: tree.copy_period(
            form.origin.data,
            title=form.title.data or "",
            title_en=form.title_en.data or "",
            first_year=form.first_year.data or 0,
            last_year=form.last_year.data or 0,
            source=form.source.data or "",
            viewer=viewer(),
        ),
        then=lambda _period: url_for("policy.index"),
        message=_("計画期間を始めました。名前は番号ごとに直せます。"),
    )
    return response or render_template("policy/period.html", form=form, known=known)


@bp.get("/policy/tags/<plan>/<kind>/<number>")
@allow("policy.read")
def tag(plan: str, kind: str, number: str) -> str:
    """A viewpoint or priority, and the programs that serve it."""
    found = queries.get_tag(plan, kind, number)
    return render_template(
        "policy/tag.html",
        tag=found,
        kind=TAG_KINDS[found.kind],
        programs=code_page.programs_tagged(found, viewer()),
    )


@bp.route("/policy/tags/<plan>/<kind>/<number>/edit", methods=["GET", "POST"])
@allow("policy.edit")
def edit_tag(plan: str, kind: str, number: str) -> ResponseReturnValue:
    """Change the words of a viewpoint or priority."""
    found = queries.get_tag(plan, kind, number)
    form = TagForm(
        version=tree.seen(found),
        title=found.title,
        title_en=found.title_en,
        source=found.source,
    )
    response = submit(
        form,
        lambda: tree.edit_tag(
            found,
            title=form.title.data or "",
            title_en=form.title_en.data or "",
            source=form.source.data or "",
            version=form.version.data or 0,
            viewer=viewer(),
        ),
        then=lambda _tag: url_for("policy.tag", plan=plan, kind=kind, number=number),
        message=_("変更しました。"),
    )
    return response or render_template(
        "policy/edit_tag.html", form=form, tag=found, kind=TAG_KINDS[found.kind]
    )


@bp.route("/policy/periods/<plan>/new-tag", methods=["GET", "POST"])
@allow("policy.edit")
def add_tag(plan: str) -> ResponseReturnValue:
    """Add a viewpoint or priority to a plan period."""
    period, form = queries.get_period(plan), NewTagForm()
    response = submit(
        form,
        lambda: tree.add_tag(
            plan,
            form.kind.data,
            title=form.title.data or "",
            title_en=form.title_en.data or "",
            source=form.source.data or "",
            viewer=viewer(),
        ),
        then=lambda row: url_for("policy.tag", plan=plan, kind=row.kind.value, number=row.number),
        message=_("加えました。"),
    )
    return response or render_template("policy/add_tag.html", form=form, period=period)
