"""A mail's subject is read on the way and on locked screens: it names a listing by its number."""

from flask import Flask

from registry.db import db, transaction
from registry.listings import mails
from registry.notifications.models import Message
from tests.factories.listings import make_need
from tests.factories.organizations import make_member, make_organization


def test_no_subject_carries_the_title_of_a_need(app: Flask) -> None:
    organization = make_organization()
    make_member(organization)
    need = make_need(organization=organization, title="極秘の新製品のめっき")

    with transaction():
        mails.tell_published(need)
        mails.tell_returned(need)
        mails.tell_expiring(need)

    subjects = [message.subject for message in db.session.query(Message)]
    assert len(subjects) == 3
    assert all(need.reference in subject and "極秘" not in subject for subject in subjects)
