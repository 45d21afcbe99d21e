"""What a member does next on the own page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.organizations.models import Organization, OrganizationState


@dataclass(frozen=True)
class Step:
    """One thing to do: code for the page's button, and the sentence."""

    code: str
    text: str


def next_steps(organization: Organization, *, contacts: Sequence[object]) -> list[Step]:
    """What is to be done, the most pressing first; empty when all is well."""
    steps = []
    match organization.state:
        case OrganizationState.RETURNED:
            steps.append(
                Step("edit", _("差し戻されました。理由を読んで直し、もう一度提出します。"))
            )
        case OrganizationState.DRAFT:
            steps.append(
                Step("submit", _("内容を確かめて提出します。事務局が確認して公開します。"))
            )
        case OrganizationState.SUBMITTED:
            steps.append(
                Step("wait", _("事務局が確認しています。承認されるとメールでお知らせします。"))
            )
        case OrganizationState.ARCHIVED:
            steps.append(Step("ask", _("登録は終了しています。再開は事務局に相談してください。")))
        case OrganizationState.APPROVED:
            steps.append(
                Step("list", _("困りごとはニーズに、提供できる技術や資源はシーズに登録します。"))
            )
    if organization.state is OrganizationState.ARCHIVED:
        return steps
    if not contacts:
        steps.append(Step("contact", _("連絡先を登録します。マッチングの連絡に使います。")))
    if not organization.summary:
        steps.append(
            Step(
                "edit", _("紹介文を書きます。得意なことが伝わると、候補が見つかりやすくなります。")
            )
        )
    if organization.industry == "" or organization.employees is None:
        steps.append(
            Step("edit", _("業種と従業員数を入力します。使える支援制度を探すのに使います。"))
        )
    return steps
