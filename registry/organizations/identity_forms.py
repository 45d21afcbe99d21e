"""What is asked when two records become one, and about an organization's numbers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.widgets import HiddenInput

from registry.organizations.fields import longest
from registry.organizations.identity_models import PairState
from registry.organizations.identity_words import group_label, invoice_status_label
from registry.organizations.merging import default_choices, differing
from registry.organizations.models import InvoiceStatus, Organization
from registry.organizations.numbers import Numbers
from registry.web.forms import BaseForm, DateParts, EditForm

SURVIVOR, MERGED = "survivor", "merged"


class MergeForm(EditForm):
    """From which record each value comes. One radio field for each group that differs."""

    other_version = IntegerField(widget=HiddenInput())

    def from_merged(self) -> frozenset[str]:
        """The groups to take from the record that goes."""
        return frozenset(
            name.removeprefix("pick_")
            for name, field in self._fields.items()
            if name.startswith("pick_") and field.data == MERGED
        )

    def picks(self) -> list[Any]:
        """The radio fields in their order."""
        return [field for name, field in self._fields.items() if name.startswith("pick_")]


def merge_form(survivor: Organization, merged: Organization) -> MergeForm:
    """The form for these two; empty values of the survivor are filled from the other."""
    preferred = default_choices(survivor, merged)
    fields = {
        f"pick_{name}": RadioField(
            group_label(name),
            choices={SURVIVOR: _("残す登録の値"), MERGED: _("統合する登録の値")},
            default=MERGED if name in preferred else SURVIVOR,
        )
        for name in differing(survivor, merged)
    }
    form_class = type("MergeTheseForm", (MergeForm,), fields)
    form: MergeForm = form_class(
        data={"version": survivor.version, "other_version": merged.version}
    )
    return form


class DecisionForm(BaseForm):
    """The office's word on a pair."""

    state = SelectField(
        _l("判断"),
        coerce=PairState,
        choices={state.value: state.value for state in (PairState.SETTLED, PairState.LATER)},
    )


class NumbersForm(EditForm):
    """T-number, and a corporate number that was taken over."""

    invoice_number = StringField(
        _l("適格請求書発行事業者の登録番号"),
        [longest(40)],
        description=_l(
            "T と 13 桁の数字。法人なら T のあとは法人番号です。個人事業者の番号は公開されません。"
        ),
    )
    status = SelectField(_l("公表サイトで確かめた結果"), coerce=InvoiceStatus, choices=[])
    checked_on = DateParts(_l("確かめた日"))
    former_number = StringField(
        _l("引き継いだ法人番号を加える"),
        [longest(40)],
        description=_l("吸収合併した会社などの番号。この番号で探しても、この登録が見つかります。"),
    )
    since = DateParts(_l("引き継いだ日"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = {
            status.value: invoice_status_label(status) for status in InvoiceStatus
        }

    def numbers(self) -> Numbers:
        """What was written, for the service."""
        return Numbers(
            invoice_number=self.invoice_number.data or "",
            status=self.status.data or InvoiceStatus.UNCHECKED,
            checked_on=self.checked_on.data,
            former_number=self.former_number.data or "",
            since=self.since.data,
        )
