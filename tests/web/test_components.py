"""The components' style guide: every macro shown, ids unique, every input labelled, CSP kept."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from registry.web.i18n import FILTERS

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
COMPONENTS = TEMPLATES / "components"
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "circle"}
SHARED = {  # pieces of other macros, never called by a page
    "look", "words", "mark", "state", "help_line", "error_lines", "described", "counter", "control",
    "text", "choice", "choices", "date_part", "target", "messages", "conflict_side", "column",
    "name_of", "kind_of", "filter_switch", "cord", "knot", "csrf", "hidden_fields", "fields", "form_start",
}  # fmt: skip


class Day(StringField):
    """Stands for the date in three parts of `web.forms`."""

    y, m, d = "2027", "11", "31"
    wrong = frozenset({"d"})


class GalleryForm(Form):
    """One field of each kind."""

    title = StringField("件名", [InputRequired("件名を書いてください。"), Length(max=60)])
    text = TextAreaField(
        "望む姿", [Length(max=2000)], description="数字があると見つかりやすくなります。"
    )
    words = StringField("キーワード", [InputRequired("語を加えてください。")])
    category = SelectField(
        "分類", choices=[SelectChoice("technology", "技術"), SelectChoice("patent", "特許")]
    )
    visibility = RadioField(
        "だれに見せますか",
        [InputRequired("見せる相手を選んでください。")],
        choices=[SelectChoice("public", "だれでも"), SelectChoice("members", "会員まで")],
    )
    reason = RadioField(
        "見送る理由",
        choices=[SelectChoice("known", "すでに面識がある"), SelectChoice("cost", "費用が合わない")],
    )
    areas = SelectMultipleField(
        "地域", choices=[SelectChoice("1", "潮見区"), SelectChoice("2", "北浜区")]
    )
    until = Day("募集の期限", [InputRequired("期限を書いてください。")])
    paper = FileField("資料")
    agreed = BooleanField("確かめました", [InputRequired("確かめてください。")])
    back = HiddenField()
    version = HiddenField()
    idempotency_key = HiddenField()


class Outline(HTMLParser):
    """Tags of a page with what stands in them, as far as the tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.labelled_inside: set[int] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "label" in self.open:
            self.labelled_inside.add(len(self.tags))
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
            self.open.pop()

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]

    def twice(self) -> list[str]:
        return [name for name, times in Counter(self.ids()).items() if times > 1]


def environment() -> Environment:
    """Jinja as the app sets it up, without the app."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    env.install_null_translations(newstyle=True)
    env.filters.update(FILTERS)
    env.globals.update(
        url_for=lambda endpoint, **values: f"/{endpoint}/{values.get('filename', '')}",
        csrf_token=lambda: "token",
        get_flashed_messages=lambda with_categories=False: [("done", "保存しました。")],
        request=SimpleNamespace(url="/here"),
    )
    return env


def frame(role: str = "coordinator") -> dict[str, object]:
    """What the app gives to every page."""
    return {
        "locale": "ja",
        "viewer": SimpleNamespace(
            is_signed_in=role != "visitor", role=role, name="佐伯 由香", organization_name=None
        ),
        "office": SimpleNamespace(
            name="みなと市", section="産業振興課", phone="000-000-0000", hours="平日 8:30〜17:15"
        ),
        "navigation": [
            SimpleNamespace(label="今日の仕事", url="/desk", current=True, count=27),
            SimpleNamespace(label="案件", url="/listings", current=False, count=None),
        ],
        "language_links": [
            ("ja", "日本語", "?lang=ja", True),
            ("en", "English", "?lang=en", False),
        ],
    }


def gallery_context(typed: dict[str, str] | None = None) -> dict[str, object]:
    """What the style guide asks for, with the form as sent by somebody in a hurry."""
    form = GalleryForm(MultiDict({"title": "長" * 61, "words": "", **(typed or {})}))
    form.validate()
    return {
        "form": form,
        "page": SimpleNamespace(
            number=3, pages=9, total=412, first=101, last=150, url=lambda n: f"?page={n}"
        ),
        "svg": Markup(
            '<svg class="chart" role="img" viewBox="0 0 9 9" aria-label="9月 27、10月 28"></svg>'
        ),
    }


@pytest.fixture(scope="module")
def gallery() -> str:
    return environment().get_template("components/gallery.html").render(frame() | gallery_context())


@pytest.fixture(scope="module")
def outline(gallery: str) -> Outline:
    return Outline(gallery)


def macros_of_components() -> dict[str, str]:
    return {
        name: path.name
        for path in COMPONENTS.glob("*.html")
        for name in re.findall(r"{%-? macro (\w+)\(", path.read_text("utf-8"))
    }


@pytest.mark.parametrize("name", sorted(set(macros_of_components()) - SHARED))
def test_every_macro_is_shown_in_the_gallery(name):
    shown = "".join(path.read_text("utf-8") for path in COMPONENTS.glob("gallery*.html"))

    assert re.search(rf"\b{name}\(", shown)


def test_the_gallery_is_whole_html(outline):
    assert outline.open == []
    assert [tag for tag, _ in outline.tags].count("h1") == 1


def test_ids_are_used_once(outline):
    assert outline.twice() == []


def test_every_input_has_a_label(outline):
    labelled = {attrs.get("for") for tag, attrs in outline.tags if tag == "label"}
    bare = [
        attrs
        for place, (tag, attrs) in enumerate(outline.tags)
        if tag in {"input", "select", "textarea"}
        and attrs.get("type") != "hidden"
        and attrs.get("id") not in labelled
        and "aria-label" not in attrs
        and place not in outline.labelled_inside
    ]
    assert bare == []


def test_references_between_elements_lead_somewhere(outline):
    ids = set(outline.ids())
    wanted = {
        name
        for _, attrs in outline.tags
        for key in ("for", "form", "aria-labelledby", "aria-describedby", "data-count-for")
        for name in (attrs.get(key) or "").split()
    }
    anchors = {
        (attrs.get("href") or "")[1:]
        for tag, attrs in outline.tags
        if tag == "a" and (attrs.get("href") or "").startswith("#") and attrs["href"] != "#"
    }
    assert (wanted | anchors) - ids == set()


def test_nothing_that_the_content_security_policy_forbids(outline):
    forbidden = [
        (tag, attrs)
        for tag, attrs in outline.tags
        if tag == "style" or "style" in attrs or any(name.startswith("on") for name in attrs)
    ]
    assert forbidden == []
    assert all("src" in attrs for tag, attrs in outline.tags if tag == "script")


def test_an_error_is_tied_to_its_field_and_what_was_typed_stays(outline, gallery):
    title = next(attrs for tag, attrs in outline.tags if attrs.get("id") == "title")

    assert title["aria-invalid"] == "true"
    assert "title-error" in (title["aria-describedby"] or "")
    assert title["value"] == "長" * 61
    assert 'href="#visibility-0"' in gallery
    assert 'href="#until-d"' in gallery or 'href="#agreed"' in gallery


def test_pages_that_offer_keys_have_what_makes_them_work_and_the_switch():
    """Without `data-keys` the script listens to nothing; the switch turns keys off (WCAG 2.1.4)."""
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent != COMPONENTS]
    offering = [p for p in pages if re.search(r'\bkey="|data-key="', p.read_text("utf-8"))]

    assert offering
    silent = [p.name for p in offering if "data-keys" not in p.read_text("utf-8")]
    without = [p.name for p in offering if not re.search(r"\bkeys\(", p.read_text("utf-8"))]
    assert (silent, without) == ([], [])


def test_filters_beyond_the_first_can_be_folded_away(outline):
    """A switch in front of what it hides on phones; without a name it is not sent."""
    switches = [attrs for _, attrs in outline.tags if attrs.get("class") == "filters__switch"]

    assert len(switches) == 1
    assert "name" not in switches[0] and "checked" not in switches[0]


def test_an_error_without_a_visible_field_is_told_without_a_link():
    form = GalleryForm()
    form.back.errors = ["戻り先が違います。"]
    macros = environment().get_template("components/form.html").module

    assert "<li>戻り先が違います。</li>" in macros.error_summary(form)


def test_the_title_says_error_first_when_the_form_has_errors(gallery):
    assert "<title>エラー：部品の見本｜結び Musubi｜みなと市 産業振興課</title>" in gallery


def test_every_posting_form_carries_the_token(gallery):
    posting = re.findall(r"<form[^>]*method=\"post\".*?</form>", gallery, re.S)

    assert len(posting) >= 3
    assert all('name="csrf_token" value="token"' in form for form in posting)


def test_text_is_escaped_everywhere():
    context = frame() | gallery_context({"title": "<b>&\"'"})
    html = environment().get_template("components/gallery.html").render(context)

    assert "<b>&\"'" not in html
    assert "&lt;b&gt;&amp;&#34;&#39;" in html


@pytest.mark.parametrize("role", ["visitor", "member", "coordinator"])
@pytest.mark.parametrize("name", ["page", "public", "print", "error", "conflict"])
def test_frames_are_whole_for_everybody(name, role):
    context = {
        "status": 404,
        "title_text": "ページが見つかりません",
        "incident": "9f2c",
        "mine": [("件名", "甲")],
        "theirs": [("件名", "乙")],
        "typed": [("title", "甲")],
        "version": 4,
    }
    html = environment().get_template(f"layout/{name}.html").render(frame(role) | context)
    outline = Outline(html)

    assert outline.open == []
    assert outline.twice() == []
    assert 'lang="ja"' in html
    assert 'href="#main"' in html
