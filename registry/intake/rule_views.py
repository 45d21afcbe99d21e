"""Pages of the rules by which enquiries are routed."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.encounters.recording import program_choices
from registry.encounters.topics import topic_choices, topic_words, topics
from registry.intake import labels, routing
from registry.intake.asking import handler_choices, rule_stored, rule_wish
from registry.intake.forms import RuleForm
from registry.intake.models import RoutingRule
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("intake_rules", __name__)


@bp.get("/intake/rules")
@allow("intake.route")
def index() -> str:
    """The rules, in their order."""
    return render_template(
        "intake/rules.html", rules=routing.rules(), labels=labels, topic_words=topic_words
    )


@bp.route("/intake/rules/new", methods=["GET", "POST"])
@allow("intake.route")
def create() -> ResponseReturnValue:
    """A further rule, tried last unless its place says otherwise."""
    form = RuleForm(position=routing.next_position(), version=0)
    return _save(form, None)


@bp.route("/intake/rules/<public_id>/edit", methods=["GET", "POST"])
@allow("intake.route")
def edit(public_id: str) -> ResponseReturnValue:
    """Write a rule anew."""
    rule = routing.get_rule(public_id)
    return _save(RuleForm(data=rule_stored(rule)), rule)


@bp.post("/intake/rules/<public_id>/switch")
@allow("intake.route")
def switch(public_id: str) -> ResponseReturnValue:
    """Take a rule out of force, or put it back."""
    rule = routing.get_rule(public_id)
    return press(
        lambda: routing.switch_rule(rule, viewer=viewer()),
        back=url_for("intake_rules.index"),
        message=_("規則を切り替えました。"),
    )


def _save(form: RuleForm, rule: RoutingRule | None) -> ResponseReturnValue:
    form.program.choices = [("", _("すべて")), *program_choices(rule.program if rule else None)]
    kept = [rule.topic] if rule and rule.topic else []
    form.topic.choices = [("", _("すべて")), *topic_choices([*topics(), *kept])]
    form.handler.choices = [("", _("決めない")), *handler_choices(rule.handler if rule else None)]
    version = form.version.data if rule else None
    response = submit(
        form,
        lambda: routing.save_rule(rule, rule_wish(form), version=version, viewer=viewer()),
        then=lambda _rule: url_for("intake_rules.index"),
        message=_("規則を保存しました。"),
    )
    return response or render_template("intake/rule.html", form=form, rule=rule)
