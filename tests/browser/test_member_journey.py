"""A member's way, by hand: write a need, correct a wrong answer, hand it in, see what was found."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person, Stage

TITLE = "めっき前の樹脂部品の油を水系で落としたい"
DESCRIPTION = (
    "樹脂部品（長さ40mm）をめっきする前に、溶剤で油を拭き取っています。1日に3時間かかり、"
    "溶剤の臭いも困りごとです。超音波洗浄や水系の洗浄剤で、部品を傷めずに洗える方法を探しています。"
)


def press(person: Person, do: str) -> Person:
    """Press the form's button of that meaning and wait for the answer."""
    with person.page.expect_navigation():
        person.page.locator(f'main button.button[name="do"][value="{do}"]').click()
    return person


def write_need(person: Person, title: str) -> Person:
    """Fill the page of a new need, the keywords chosen from the text."""
    person.go("/listings/new?kind=need")
    person.page.locator('[name="title"]').fill(title)
    person.page.locator('[name="description"]').fill(DESCRIPTION)
    press(person, "propose")
    words = person.page.locator('[name="keywords"]').first.input_value()
    assert len(words.split("、")) >= 3, words
    person.page.locator('[name="visibility"][value="members"]').check(force=True)
    person.page.locator('[name="anonymous"][value="anonymous"]').check(force=True)
    return person


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("ja", "desktop"), ("en", "phone")])
def test_a_need_from_the_first_word_to_its_suggestions(
    stage: Stage, language: str, width: str
) -> None:
    title = f"{TITLE}（{language}）"
    member = write_need(stage.enter("member", language=language, width=width), title)
    page = member.page
    member.write_day("valid_until", 2027, 11, 31)
    press(member, "preview")
    press(member, "confirm")

    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator('[name="valid_until-d"]')).to_have_attribute("aria-invalid", "true")
    assert page.locator("[data-errors] a").count() == 1
    for name, typed in (("title", title), ("description", DESCRIPTION), ("valid_until-d", "31")):
        expect(page.locator(f'[name="{name}"]')).to_have_value(typed)
    expect(page.locator('[name="visibility"][value="members"]')).to_be_checked()
    assert member.violations() == [] and member.overflow() == 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('[name="valid_until-d"]')).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("30")
    press(member, "confirm")

    assert re.search(r"/confirm$", page.url), page.url
    member.sees(title)
    press(member, "submit")
    found = re.search(r"/listings/([0-9a-f-]{36})$", page.url)
    assert found, page.url
    need = found.group(1)

    visitor = stage.enter(language=language)
    assert visitor.page.request.get(f"{visitor.address}/listings/{need}").status == 404
    coordinator = stage.enter("coordinator", language=language).go("/listings/review")
    with coordinator.page.expect_navigation():
        coordinator.page.locator(
            f'form[action$="/listings/{need}/publish"] button[data-type="solid"]'
        ).click()
    coordinator.go(f"/suggestions/{need}")
    assert coordinator.page.locator('form[action$="/cases/open"]').count() >= 1
    assert coordinator.page.locator("mark.meet").count() >= 1

    member.go("/my-suggestions")
    mine = page.locator("main section", has_text=title)
    assert mine.locator('a[href^="/listings/"]').count() >= 2
    assert member.violations() == [] and member.overflow() == 0
    rival = stage.enter("member2", language=language).go(f"/listings/{need}")
    rival.sees(title).does_not_see("汐凪")
