"""Loading organizations, their contacts, the words they gave, and ways in that are still open."""

from datetime import date, timedelta

from registry.common.roles import Role
from registry.db import db
from registry.demo.files import is_yes, rows, whole
from registry.demo.world import COORDINATOR, World, moment
from registry.organizations.invitations import LASTS, new_token
from registry.organizations.models import (
    Consent,
    ConsentWay,
    Contact,
    Invitation,
    InvitationState,
    Organization,
    OrganizationKind,
    OrganizationState,
)
from registry.organizations.service import refresh_search

REFERRED = {"hinata-soap": "shioji-bank", "sazane": "shioji-bank", "homura": "shioji-bank"}
"""Organization → the supporter through whom it came."""
EXAMPLES_REGISTERED = "2016-04-11"
EXAMPLES_ENDED = date(2018, 3, 31)
EXAMPLES_REASON = "2016・2017年度の例のための記録です。"
CLOSED_DOWN_AFTER = timedelta(days=120)
WAYS = (ConsentWay.TELEPHONE, ConsentWay.PAPER, ConsentWay.IN_PERSON)
EVIDENCE = {
    ConsentWay.TELEPHONE: "電話の記録票に記入",
    ConsentWay.PAPER: "同意書の写しを綴じ込み",
    ConsentWay.IN_PERSON: "訪問の記録に記入",
}


def load_organizations(world: World) -> None:
    """Organizations in the order in which they came, numbered in that order."""
    found = sorted(rows("organizations"), key=lambda row: world.need_day(row["registered"]))
    for number, row in enumerate(found, 1):
        organization = Organization(
            public_id=world.ids.of(f"organization:{row['key']}"),
            number=number,
            kind=OrganizationKind(row["kind"]),
            name=row["name"],
            kana=row["kana"],
            name_en=row["name_en"],
            corporate_number=row["corporate_number"] or None,
            industry=row["industry"],
            capital_yen=whole(row["capital_yen"]),
            employees=whole(row["employees"]),
            municipality=row["municipality"],
            address=row["address"],
            website=row["website"],
            summary=row["summary"],
            summary_en=row["summary_en"],
            illustrative=is_yes(row["illustrative"]),
            source=row["source"],
        )
        _set_state(organization, OrganizationState(row["state"]), row["registered"], world)
        refresh_search(organization)
        world.organizations[row["key"]] = organization
        db.session.add(organization)
    db.session.flush()
    for key, supporter in REFERRED.items():
        world.organizations[key].referred_by = world.organizations[supporter]
    db.session.flush()
    for organization in world.organizations.values():
        subject = f"organization:{organization.public_id}"
        world.log(
            "organization.created", subject, name=organization.name, source=organization.source
        )


def _set_state(
    organization: Organization, state: OrganizationState, registered: str, world: World
) -> None:
    on = world.need_day(registered)
    organization.state = state
    organization.created_at = moment(on, 9)
    if state is OrganizationState.DRAFT:
        return
    organization.submitted_at = moment(on, 9, 30)
    if state in (OrganizationState.APPROVED, OrganizationState.ARCHIVED):
        organization.approved_on = on
    if state is OrganizationState.ARCHIVED:
        is_example = registered == EXAMPLES_REGISTERED
        organization.archived_on = EXAMPLES_ENDED if is_example else on + CLOSED_DOWN_AFTER
        organization.state_reason = EXAMPLES_REASON if is_example else "廃業の届けがありました。"


def load_contacts(world: World) -> None:
    """People to reach at invented organizations."""
    for row in rows("contacts"):
        organization = world.organizations[row["organization"]]
        db.session.add(
            Contact(
                public_id=world.ids.of(f"contact:{row['organization']}:{row['email']}"),
                organization=organization,
                name=row["name"],
                kana=row["kana"],
                role=row["role"],
                email=row["email"],
                phone=row["phone"],
                created_at=organization.created_at,
            )
        )
    db.session.flush()


def load_consents(world: World) -> None:
    """The word by which the office entered a firm that has no account: by telephone, on paper or
    face to face."""
    recorder = world.users[COORDINATOR]
    invented = [
        (key, organization)
        for key, organization in world.organizations.items()
        if organization.illustrative
        and organization.approved_on
        and organization.archived_on is None
        and key not in world.members
    ]
    for place, (key, organization) in enumerate(invented):
        add_consent(
            world,
            organization,
            key=f"consent:{key}",
            about="企業・団体の登録と公開",
            way=WAYS[place % len(WAYS)],
            on=organization.approved_on or world.today,
            recorder_id=recorder.id,
        )
    db.session.flush()


def add_consent(
    world: World,
    organization: Organization,
    *,
    key: str,
    about: str,
    way: ConsentWay,
    on: date,
    recorder_id: int,
) -> Consent:
    """A word that an organization's first contact gave."""
    consent = Consent(
        public_id=world.ids.of(key),
        organization=organization,
        about=about,
        given_by=speaker(organization),
        way=way,
        given_on=on,
        evidence=EVIDENCE[way],
        recorded_by_id=recorder_id,
        created_at=moment(on, 16),
    )
    db.session.add(consent)
    return consent


def speaker(organization: Organization) -> str:
    """Who speaks for an organization: its first contact."""
    return organization.contacts[0].name if organization.contacts else "ご担当者"


def load_invitations(world: World) -> None:
    """One invitation that was not used yet, and two applications that wait for the office."""
    invited_by = world.users[COORDINATOR]
    firm = world.organizations["kozue"]
    wishes: tuple[dict[str, object], ...] = (
        {
            "email": firm.contacts[0].email,
            "name": firm.contacts[0].name,
            "organization": firm,
            "is_manager": True,
            "state": InvitationState.OPEN,
            "invited_by_id": invited_by.id,
            "created_at": moment(world.today - timedelta(days=3), 14),
        },
        {
            "email": "kazaori@apply.example",
            "name": "風間 折江",
            "organization_name": world.organizations["kazaori"].name,
            "message": "換気の制御盤をつくっています。省エネルギーの相談先を探しています。",
            "state": InvitationState.APPLIED,
            "created_at": moment(world.today - timedelta(days=4), 11),
        },
        {
            "email": "sakuraba@apply.example",
            "name": "桜庭 灯",
            "organization_name": "さくらば木工所",
            "message": "木の端材を使ってくれる相手を探したいです。",
            "state": InvitationState.APPLIED,
            "created_at": moment(world.today - timedelta(days=1), 15),
        },
    )
    for wish in wishes:
        _token, token_hash = new_token()
        db.session.add(
            Invitation(
                public_id=world.ids.of(f"invitation:{wish['email']}"),
                role=Role.MEMBER,
                token_hash=token_hash,
                expires_at=moment(world.today, 18) + LASTS,
                **wish,
            )
        )
    db.session.flush()
