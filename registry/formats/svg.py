"""Cleaning of drawn SVG: what a strict content policy and a screen reader need of a picture."""

import re
import zlib
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"

# Elements that run, fetch or restyle; a chart has no use for them.
_DROPPED = {"script", "style", "foreignObject", "image", "a", "iframe"}
# Attributes that mean something to the drawing library only, or to its own reader.
_STRIPPED = {"class", "role", "style", "tabindex", "pointer-events", "font-family"}
_URL = re.compile(r"url\(#([^)]+)\)")
# A drawing may set these by style; they are attributes in their own right.
_PRESENTATION = re.compile(r"[a-z-]+")
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")


def clean_svg(svg: str, *, label: str, description: str, locale: str) -> str:
    """Return the drawing as one image with a name.

    Styles become attributes, classes, scripts and foreign roles go, the label of each mark
    becomes its tooltip, coordinates are rounded to hundredths, fonts are the page's own.
    Raises ValueError when the text is no SVG.
    """
    # The text comes from the drawing library on this machine, never from a person.
    root = ET.fromstring(svg)  # noqa: S314
    if _local(root) != "svg":
        raise ValueError("not an SVG")
    for element in root.iter():
        element.tag = _local(element)
    _prune(root)
    for element in list(root.iter()):
        _clean_attributes(element)
    _unify_ids(root, prefix=f"c{zlib.crc32(svg.encode()):08x}")
    root.attrib.pop("version", None)
    if description:
        described = ET.Element("desc")
        described.text = description
        root.insert(0, described)
    name = {"class": "chart", "role": "img", "aria-label": label, "lang": locale}
    root.attrib.update({"xmlns": _SVG, **name, "focusable": "false"})
    return ET.tostring(root, encoding="unicode")


def _local(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _prune(element: ET.Element) -> None:
    """Drop elements that run or restyle, and those that draw nothing."""
    for child in list(element):
        _prune(child)
        invisible = child.get("display") == "none" or _is_blank_path(child)
        hollow = _local(child) == "g" and len(child) == 0
        if _local(child) in _DROPPED or invisible or hollow:
            element.remove(child)


def _is_blank_path(element: ET.Element) -> bool:
    """Say whether a path has no shape, or no colour of its own where groups have none either."""
    if _local(element) != "path" or element.get("aria-label"):
        return False
    return not element.get("d") or not {"fill", "stroke", "style"} & set(element.attrib)


def _clean_attributes(element: ET.Element) -> None:
    for declaration in element.get("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if value and _PRESENTATION.fullmatch(name):
            element.set(name, value)
    tooltip = element.get("aria-label") if element.get("role") == "graphics-symbol" else None
    is_mark = _local(element) in ("path", "text", "rect", "circle")
    for name in list(element.attrib):
        plain = name.rpartition("}")[2]
        if plain in _STRIPPED or plain.startswith(("aria-", "on")) or _XLINK in name:
            del element.attrib[name]
        else:
            element.set(name, _DECIMALS.sub(_rounded, element.attrib[name]))
    if tooltip and is_mark:
        ET.SubElement(element, "title").text = tooltip


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _unify_ids(root: ET.Element, *, prefix: str) -> None:
    """Rename ids so that two different charts in one page never share one."""
    named = [element for element in root.iter() if "id" in element.attrib]
    renamed = {element.attrib["id"]: f"{prefix}-{n}" for n, element in enumerate(named)}
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", renamed[element.attrib["id"]])
        for name, value in element.attrib.items():
            if "url(#" in value:
                element.set(
                    name, _URL.sub(lambda found: f"url(#{renamed.get(found[1], '')})", value)
                )
