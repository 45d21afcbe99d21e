"""A new program without any code: made, called for, applied to, decided, and shown as an award."""

import re

import pytest
from flask import Flask

from registry.common import calendar
from tests.browser.people import Person, Stage

WORDS = {
    "ja": {
        "title": "試作と評価の助成",
        "stage": "面談した",
        "call": "冬の公募",
        "question": "取組の内容",
        "project": "薄膜の評価装置の試作",
    },
    "en": {
        "title": "Grant for trial measurements",
        "stage": "Met an expert",
        "call": "Winter call",
        "question": "What will you do",
        "project": "Trial gauge for thin films",
    },
}


def address_of(person: Person) -> str:
    return person.page.url.removeprefix(person.address).partition("#")[0].partition("?")[0]


def send(person: Person, landing: str) -> str:
    """Press the form's first button and wait for the page it leads to; its address."""
    person.page.locator(".form__actions button").first.click()
    person.page.wait_for_url(re.compile(landing))
    return address_of(person)


def fill(person: Person, **values: str) -> None:
    for name, value in values.items():
        person.page.locator(f'[name="{name.replace("__", "-")}"]').first.fill(value)


def sound(person: Person) -> None:
    """The page holds what WCAG A and AA ask for, and fits its window."""
    assert person.violations() == [], person.page.url
    assert person.overflow() <= 0, person.page.url


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("ja", "desktop"), ("en", "phone")])
def test_a_program_is_made_applied_to_and_decided_without_code(
    stage: Stage, demo_app: Flask, language: str, width: str
) -> None:
    words, today = WORDS[language], calendar.today()
    office = stage.enter("administrator", language=language, width=width)
    office.go("/programs/new")
    sound(office)
    fill(
        office,
        title=words["title"],
        title_en=words["title"],
        summary=words["title"],
        content=words["title"],
        contact="000-0000-0000",
        stage_names__0__ja=words["stage"],
        stage_names__0__en=words["stage"],
    )
    office.page.locator('[name="shape"][value="enrolment"]').check()
    program = send(office, r"/programs/[0-9a-f-]{36}$")
    office.page.locator(f'form[action="{program}/state"] button').first.click()
    office.page.wait_for_load_state()

    office.go(f"{program}/calls/new")
    sound(office)
    fill(
        office,
        title=words["call"],
        title_en=words["call"],
        questions__0__label=words["question"],
        questions__0__label_en=words["question"],
    )
    office.write_day("opens_on", today.year, today.month, today.day)
    office.page.locator('[name="questions-0-required"]').check()
    call = send(office, r"/calls/[0-9a-f-]{36}$")
    office.page.locator(f'form[action="{call}/state"] button').first.click()
    office.page.wait_for_load_state()

    member = stage.enter("member", language=language, width=width)
    member.go("/calls").sees(words["call"])
    sound(member)
    member.go(f"{call}/apply")
    sound(member)
    fill(member, project=words["project"], q_q1=words["question"], requested_yen="1,000,000")
    application = send(member, r"/applications/[0-9a-f-]{36}$")
    member.sees(words["project"])

    rival = stage.enter("member2", language=language, width=width)
    answer = rival.page.goto(rival.address + application)
    assert answer is not None and answer.status == 404

    office.go("/applications/received").sees(words["project"])
    sound(office)
    office.go(f"{application}/decide")
    sound(office)
    office.page.locator('[name="accepted"][value="yes"]').check()
    fill(office, reason="よい取組", amount_yen="900,000")
    send(office, r"/applications/[0-9a-f-]{36}$")
    office.go(f"{application}/steps")
    send(office, r"/applications/[0-9a-f-]{36}$")
    office.sees(words["stage"])
    sound(office)

    visitor = stage.enter(language=language, width=width)
    visitor.go("/awards").sees(words["project"]).sees("900,000")
    visitor.does_not_see("よい取組")
    sound(visitor)
    visitor.go(f"{program}/figures").sees(words["stage"])
    sound(visitor)
    member.go(application).sees("よい取組")
