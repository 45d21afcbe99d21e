"""Every page type, for those who see it: no violation of WCAG A or AA, nothing wider than a phone."""

import pytest

from tests.browser.people import Stage

PAGES = {
    "": ["/", "/listings", "/organizations", "/programs", "/sign-in", "/join", "/reset-password",
         "/help", "/about", "/privacy", "/accessibility", "/no-such-page"],
    "member": ["/", "/my-organization", "/my-suggestions", "/listings?own=1", "/cases", "/account",
               "/listings/new?kind=need", "/listings/new?kind=seed"],
    "coordinator": ["/desk", "/suggestions", "/cases", "/encounters", "/encounters/new",
                    "/listings/review", "/organizations", "/organizations/new", "/joining",
                    "/glossary", "/glossary/new", "/search?q=めっき", "/gallery"],
    "evaluator": ["/reports/monthly"],
    "operator": ["/programs"],
    "partner": ["/organizations/refer"],
    "administrator": ["/admin", "/admin/users", "/admin/settings", "/admin/outbox", "/admin/audit",
                      "/admin/code-lists"],
}  # fmt: skip
RECORDS = {
    "coordinator": {
        "/suggestions": 'main a[href^="/suggestions/"]',
        "/cases": 'main a[href^="/cases/"]',
        "/encounters": 'main a[href^="/encounters/"]:not([href$="/new"])',
        "/listings": 'main a[href^="/listings/"]:not([href*="/new"])',
        "/organizations": 'main a[href^="/organizations/"]:not([href$="/new"])',
        "/programs": 'main a[href^="/programs/"]',
    },
}
ERROR_FORMS = {"/glossary/new": "main form button", "/encounters/new": "main form button"}


def faults(stage: Stage, who: str, paths: list[str], width: str) -> list[str]:
    person = stage.enter(who, width=width)
    found = []
    for path in paths:
        person.page.goto(person.address + path)
        found += [f"{path} {fault}" for fault in person.violations()]
        if person.overflow() > 0:
            found.append(f"{path} is {person.overflow()} px too wide")
    return found


@pytest.mark.browser
@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("who", list(PAGES))
def test_pages_have_no_violation(stage: Stage, who: str, width: str) -> None:
    assert faults(stage, who, PAGES[who], width) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_pages_of_records_have_no_violation(stage: Stage, width: str) -> None:
    person = stage.enter("coordinator", width=width)
    paths = []
    for path, selector in RECORDS["coordinator"].items():
        person.go(path)
        href = person.page.locator(selector).first.get_attribute("href")
        assert href, path
        paths.append(href)

    assert faults(stage, "coordinator", paths, width) == []


@pytest.mark.browser
def test_forms_with_errors_have_no_violation_and_take_the_focus(stage: Stage) -> None:
    person = stage.enter("coordinator")
    for path, button in ERROR_FORMS.items():
        person.go(path)
        person.page.locator(button).last.click()
        person.page.wait_for_load_state()

        assert person.violations() == [], path
        assert person.page.evaluate("document.activeElement.id") == "errors"
        assert person.page.title().startswith("エラー：")
