"""Entering and changing organizations, and the words they gave (代行入力の同意)."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import Change, apply, record
from registry.common import calendar, codelists
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.folding import fold, fold_name
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.organizations.duplicates import Draft, possible_duplicates
from registry.organizations.identity import Verdict
from registry.organizations.keys import refresh_keys
from registry.organizations.labels import kind_label
from registry.organizations.models import (
    Consent,
    ConsentWay,
    Membership,
    Organization,
    OrganizationState,
)
from registry.organizations.profile import Profile, Word, tidy
from registry.organizations.queries import (
    next_organization_number,
    organization_by_corporate_number,
)

SURE = (Verdict.SAME, Verdict.LIKELY)
"""What a member is asked about; staff are asked about every pair that is possible."""
OFFICE_KEEPS = ("kind", "name", "corporate_number")
"""What only the office changes once a registration is approved: by it others know the firm."""


def create_organization(
    profile: Profile,
    *,
    viewer: Viewer,
    today: date,
    consent: Word | None = None,
    duplicates_checked: bool = False,
) -> Organization:
    """A new draft. A member becomes its first manager; staff enter it for the firm, with its word.

    Raises DomainError for a number in use, a second organization of one member, and possible
    duplicates that nobody has looked at.
    """
    if not viewer.is_staff and viewer.role is not Role.MEMBER:
        raise NotAllowed(_("企業・団体を登録できるのは、会員と事務局です。"))
    if not viewer.is_staff and viewer.organization_id is not None:
        raise DomainError(_("すでに登録があります。「わが社のページ」から直してください。"))
    profile = tidy(profile)
    _refuse_unchecked_duplicates(profile, viewer=viewer, checked=duplicates_checked)
    organization = _new_draft(profile, viewer=viewer)
    if consent is not None:
        record_consent(organization, **vars(consent), viewer=viewer, today=today)
    if not viewer.is_staff:
        db.session.add(
            Membership(
                organization=organization, user_id=viewer.user_id, is_manager=True, since=today
            )
        )
    db.session.flush()
    return organization


def refer_organization(
    profile: Profile, *, consent: Word, viewer: Viewer, today: date
) -> Organization:
    """A draft that a partner (chamber, bank) tells the office of, with the firm's word to do so."""
    if viewer.role is not Role.PARTNER or viewer.organization_id is None:
        raise NotAllowed(_("紹介できるのは、支援機関の担当者です。"))
    organization = _new_draft(tidy(profile), viewer=viewer, referred_by_id=viewer.organization_id)
    _add_consent(organization, consent, viewer=viewer, today=today)
    return organization


def change_organization(
    organization: Organization, profile: Profile, *, version: int | None, viewer: Viewer
) -> None:
    """Correct what is written. Raises Conflict when somebody else was faster."""
    refuse_stranger(organization, viewer)
    if version is not None and version != organization.version:
        raise _conflict(organization)
    profile = tidy(profile)
    if not viewer.is_staff:
        if organization.state is OrganizationState.ARCHIVED:
            raise DomainError(_("登録は終了しています。再開は事務局に相談してください。"))
        _refuse_office_fields(organization, profile)
    _refuse_number_in_use(profile, viewer=viewer, except_for=organization)
    changes = apply(organization, vars(profile))
    if not changes:
        return
    refresh_search(organization)
    _log(organization, "organization.changed", viewer, changes)
    db.session.flush()
    refresh_keys([organization.id])


def record_consent(
    organization: Organization,
    *,
    about: str,
    given_by: str,
    way: ConsentWay,
    given_on: date,
    evidence: str = "",
    viewer: Viewer,
    today: date | None = None,
) -> Consent:
    """Write down a word that an organization gave by telephone, on paper or face to face.

    Only staff may. Raises DomainError for a date in the future.
    """
    if not viewer.is_staff:
        raise NotAllowed(_("同意を記録できるのは、事務局の担当者です。"))
    word = Word(about, given_by, way, given_on, evidence)
    return _add_consent(organization, word, viewer=viewer, today=today or calendar.today())


def refresh_search(organization: Organization) -> None:
    """Fold anew what search and the finding of duplicates look at. Public texts only."""
    organization.name_key = fold_name(organization.name)[:160]
    industry = codelists.industry(organization.industry) if organization.industry else None
    place = codelists.municipality(organization.municipality) if organization.municipality else None
    texts = [
        organization.name,
        organization.kana,
        organization.name_en,
        organization.corporate_number or "",
        *((industry.name_ja, industry.name_en) if industry else ()),
        *((place.full_label("ja"), place.full_label("en")) if place else ()),
        organization.summary,
        organization.summary_en,
    ]
    organization.search_text = "\n".join(fold(text) for text in texts if text)


def refuse_stranger(organization: Organization, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer is staff or a member of the organization."""
    if not viewer.is_staff and not (
        viewer.role is Role.MEMBER and viewer.belongs_to(organization.id)
    ):
        raise NotAllowed(_("この登録を直せるのは、その会員と事務局です。"))


def _new_draft(
    profile: Profile, *, viewer: Viewer, referred_by_id: int | None = None
) -> Organization:
    _refuse_number_in_use(profile, viewer=viewer)
    organization = Organization(
        number=next_organization_number(),
        state=OrganizationState.DRAFT,
        industry_revision=codelists.JSIC_REVISION,
        referred_by_id=referred_by_id,
        **vars(profile),
    )
    refresh_search(organization)
    db.session.add(organization)
    db.session.flush()
    changes = {name: (None, value) for name, value in vars(profile).items() if value}
    _log(organization, "organization.created", viewer, changes)
    refresh_keys([organization.id])
    return organization


def _add_consent(organization: Organization, word: Word, *, viewer: Viewer, today: date) -> Consent:
    if word.given_on > today:
        raise DomainError(
            _("同意の日が先の日付です。今日までの日付を入力してください。"), field="given_on"
        )
    consent = Consent(organization=organization, recorded_by_id=viewer.user_id, **vars(word))
    db.session.add(consent)
    db.session.flush()
    changes = {name: (None, value) for name, value in vars(word).items() if value}
    _log(organization, "consent.recorded", viewer, changes)
    return consent


def _refuse_unchecked_duplicates(profile: Profile, *, viewer: Viewer, checked: bool) -> None:
    if checked:
        return
    draft = Draft(
        name=profile.name,
        kana=profile.kana,
        address=profile.address,
        corporate_number=profile.corporate_number or "",
        name_en=profile.name_en,
        municipality=profile.municipality,
        website=profile.website,
    )
    found = possible_duplicates(draft, viewer=viewer)
    if any(viewer.is_staff or entry.judgement.verdict in SURE for entry in found):
        raise DomainError(
            _("似た登録があります。別の企業・団体なら、確かめたことを示して保存してください。"),
            field="duplicates_checked",
        )


def _refuse_number_in_use(
    profile: Profile, *, viewer: Viewer, except_for: Organization | None = None
) -> None:
    """One number, one record. A member learns no name that the public list does not show."""
    if not profile.corporate_number:
        return
    other = organization_by_corporate_number(profile.corporate_number)
    if other is None or other is except_for:
        return
    if viewer.is_staff or other.is_approved:
        message = _("この法人番号は「%(name)s」に登録されています。", name=other.name)
    else:
        message = _("この法人番号では登録できません。事務局に連絡してください。")
    raise DomainError(message, field="corporate_number")


def _refuse_office_fields(organization: Organization, profile: Profile) -> None:
    if not organization.is_approved:
        return
    for name in OFFICE_KEEPS:
        if getattr(organization, name) != getattr(profile, name):
            raise DomainError(
                _(
                    "登録済みの種別・名称・法人番号は、事務局が変更します。事務局に連絡してください。"
                ),
                field=name,
            )


def _conflict(organization: Organization) -> Conflict:
    texts = {
        "name": (_("名称"), organization.name),
        "kana": (_("フリガナ"), organization.kana),
        "name_en": (_("英語の名称"), organization.name_en),
        "kind": (_("種別"), kind_label(organization.kind)),
        "corporate_number": (_("法人番号"), organization.corporate_number or ""),
        "industry": (_("業種"), organization.industry),
        "capital_yen": (_("資本金（円）"), str(organization.capital_yen or "")),
        "employees": (_("常時使用する従業員"), str(organization.employees or "")),
        "municipality": (_("市区町村"), organization.municipality),
        "address": (_("所在地"), organization.address),
        "website": (_("ウェブサイト"), organization.website),
        "summary": (_("紹介文"), organization.summary),
        "summary_en": (_("英語の紹介文"), organization.summary_en),
    }
    return Conflict(
        _("開いている間に、ほかの人がこの登録を変更しました。"),
        version=organization.version,
        fields=tuple(ConflictField(name, label, text) for name, (label, text) in texts.items()),
    )


def _log(
    organization: Organization,
    action: str,
    viewer: Viewer,
    changes: Mapping[str, Change],
) -> None:
    record(
        actor=viewer,
        action=action,
        subject=f"organization:{organization.public_id}",
        changes=changes,
    )
