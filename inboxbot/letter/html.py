"""HTML to the text that a person would see: rows stay rows, hidden words are gone, links and cited blocks are marked.

inscriptis with its strict profile keeps table rows and joins words split over spans, but returns nothing beyond about 255
nested elements (libraries study §5): then, and when it fails, selectolax reads the bare text. Its tree takes the square of the
nesting: beyond some thousands of open elements the tags are only cut out.
"""

from __future__ import annotations

from html import unescape
from typing import Any, NamedTuple

import re2

from inboxbot.letter.text import one_line, tidy

MAX_HTML = 1 << 20
MAX_LINKS = 2000
_MAX_ELEMENTS = 20_000  # 1 MB of table costs inscriptis 1.3 s
_MAX_NESTING = 200

# Marks from the private-use planes, which `normalise` removes from the letter's own characters.
_CITE, _UNCITE = "\ue000", "\ue001"
_LINK = 0xF0000

_HIDDEN = re2.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|(?:^|[;\s])(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}"
)
_WHITE = r"(?:#fff\b|#ffffff\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
_WHITE_TEXT = re2.compile(rf"(?i)(?:^|[;\s])color\s*:\s*{_WHITE}")
_BACKGROUND = re2.compile(r"(?i)background(?:-color)?\s*:\s*([^;]+)")
_WHITE_GROUND = re2.compile(rf"(?i)^\s*(?:{_WHITE}|none|transparent|inherit|initial)")
_MEDIA = re2.compile(r"(?is)@[a-z-]+[^{;]{0,300}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_HIDING_CLASS = re2.compile(r"(?i)\.([a-z][\w-]{0,60})\s*\{[^{}]*display\s*:\s*none")
_CITING_CLASS = ("gmail_quote", "yahoo_quoted", "cite")
_TAG_START = re2.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP = frozenset(  # void, or closed by the next of their kind (HTML §13.1.2.4)
    "br img hr input meta link wbr col area base source track p li tr td th dt dd option".split()
)
_ANY_TAG = re2.compile(r"<[a-zA-Z/!?][^<>]*>?")
_UNSHOWN = re2.compile(r"(?is)<(?:script|style|head|title)\b.*?</(?:script|style|head|title)\s*>|<!--.*?-->")
_ABYSS = 5_000
_TAIL_DIGIT = re2.compile(r"\d\s*$")


class Shown(NamedTuple):
    """What an HTML part shows: text with link marks, the (text, href) that the marks stand for, and what went wrong."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    defect: str | None = None


def shown(html: str) -> Shown:
    """The text of an HTML part, cited blocks prefixed with "> " as in plain mails; never raises but for memory."""
    defect = None
    if len(html) > MAX_HTML:
        html, defect = html[:MAX_HTML], "the HTML is larger than 1 MB: its end was not read"
    html = html.replace("\x00", "")
    try:
        text, links = _by_inscriptis(html)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, ArithmeticError, SyntaxError) as error:
        text, links = (_bare(html), []) if _is_abyss(html) else _by_selectolax(html)
        defect = defect or (
            None if isinstance(error, _TooDeepError) else f"the HTML is malformed ({type(error).__name__})"
        )
    return Shown(text, tuple(links), defect)


def unmarked(text: str, links: tuple[tuple[str, str], ...] = ()) -> str:
    """The text without link marks; with `links`, each address that the text does not show stands behind its words."""

    def put(match: Any) -> str:
        number = ord(match.group()) - _LINK
        href = links[number][1] if number < len(links) else ""
        return f" <{href}>" if href.startswith("http") and href not in text else ""

    return str(_MARK.sub(put, text))


def marks(text: str) -> tuple[int, ...]:
    """The numbers of the links whose marks stand in the text."""
    return tuple(ord(mark) - _LINK for mark in _MARK.findall(text))


_MARK = re2.compile("[\U000f0000-\U000ffffd]")


class _TooDeepError(ValueError):
    pass


def _by_inscriptis(html: str) -> tuple[str, list[tuple[str, str]]]:
    import lxml.html  # type: ignore[import-untyped]  # noqa: PLC0415 - plain mails need none of these
    from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415
    from inscriptis.html_engine import Inscriptis  # noqa: PLC0415
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415

    if not html.strip():
        return "", []
    clean = _without_private(html)
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    tree = lxml.html.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    links = _prepare(tree)
    text = Inscriptis(tree, ParserConfig(css=dict(CSS_PROFILES["strict"]))).get_text()
    return _tidied(text), links


def _by_selectolax(html: str) -> tuple[str, list[tuple[str, str]]]:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "head", "title"])
    links = [
        (one_line(a.text(), 300), one_line(a.attributes.get("href") or "", 4000))
        for a in tree.css("a[href]")[:MAX_LINKS]
    ]
    return tidy(tree.body.text(separator="\n") if tree.body else ""), links


def _is_abyss(html: str) -> bool:
    """Whether more elements stand open at once than any letter nests."""
    depth = 0
    for closing, name in _TAG_START.findall(html):
        if name.lower() not in _NEVER_DEEP:
            depth = max(depth - 1, 0) if closing else depth + 1
        if depth > _ABYSS:
            return True
    return False


def _bare(html: str) -> str:
    """What stands between the tags."""
    return tidy(unescape(str(_ANY_TAG.sub("\n", str(_UNSHOWN.sub("", html))))))


def _prepare(tree: Any) -> list[tuple[str, str]]:
    """Take out what is hidden, mark links and cited blocks, and give `389<sup>59</sup>` its comma."""
    hiding = frozenset(
        _HIDING_CLASS.findall(_MEDIA.sub("", " ".join(s.text or "" for s in tree.iter("style"))[:200_000]))
    )
    links: list[tuple[str, str]] = []
    hidden: list[Any] = []
    pending = [(tree, 0, False)]
    count = 0
    while pending:
        node, depth, coloured = pending.pop()
        count += 1
        if depth > _MAX_NESTING or count > _MAX_ELEMENTS:
            raise _TooDeepError
        style = node.get("style") or ""
        coloured = coloured or _has_ground(node, style)
        if _is_hidden(node, style, hiding, coloured):
            hidden.append(node)
            continue
        _mark(node, links)
        pending += [(child, depth + 1, coloured) for child in reversed(node) if isinstance(child.tag, str)]
    for node in hidden:
        _drop(node)
    return links


def _mark(node: Any, links: list[tuple[str, str]]) -> None:
    tag = node.tag
    if tag == "a" and (href := node.get("href")) and len(links) < MAX_LINKS:
        label = node.text_content() or " ".join(image.get("alt") or "" for image in node.iter("img"))
        _append(node, chr(_LINK + len(links)))
        links.append((one_line(_MARK.sub("", label), 300), one_line(href, 4000).replace(" ", "")))
    elif tag == "blockquote" and (
        node.get("type") == "cite" or any(c in (node.get("class") or "") for c in _CITING_CLASS)
    ):
        node.text = _CITE + (node.text or "")
        _append(node, _UNCITE)
    elif tag == "sup" and len(node) == 0 and len(digits := (node.text or "").strip()) == 2 and digits.isdigit():
        before = node.getprevious()
        text = (node.getparent().text if before is None else before.tail) or ""
        if _TAIL_DIGIT.search(text[-20:]):  # else 389,59 € reads as 38959 €
            node.text = "," + digits
            if before is None:
                node.getparent().text = text.rstrip()
            else:
                before.tail = text.rstrip()


def _is_hidden(node: Any, style: str, hiding: frozenset[str], coloured: bool) -> bool:
    if node.tag in ("html", "body"):
        return False
    if style and (_HIDDEN.search(style) or (not coloured and _WHITE_TEXT.search(style))):
        return True
    if node.get("hidden") is not None or (
        node.tag == "font" and not coloured and (node.get("color") or "").lower() in _WHITES
    ):
        return True
    return bool(hiding) and any(name in hiding for name in (node.get("class") or "").split())


_WHITES = ("#fff", "#ffffff", "white")


def _has_ground(node: Any, style: str) -> bool:
    """Whether the element paints a background, on which white words can be read."""
    if (ground := node.get("bgcolor")) and ground.strip().lower() not in _WHITES:
        return True
    if node.get("background"):
        return True
    found = _BACKGROUND.search(style) if style else None
    return found is not None and not _WHITE_GROUND.search(found.group(1))


def _drop(node: Any) -> None:
    """Take the element out, but not the text that follows it."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _append(node: Any, mark: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + mark
    else:
        node.text = (node.text or "") + mark


_PRIVATE = re2.compile(
    "[\ue000-\uf8ff\U000f0000-\U0010fffd]"
    r"|(?i)&#(?:0*(?:5[7-9]\d{3}|6[0-3]\d{3}|9[89]\d{4}|10\d{5}|11[01]\d{4})|x0*(?:e[0-9a-f]{3}|f[0-9a-f]{3,4}|10[0-9a-f]{4}));?"
)


def _without_private(html: str) -> str:
    """No mark of ours may come from the letter, neither bare nor as a character reference."""
    return str(_PRIVATE.sub("", html.encode("utf-8", "replace").decode("utf-8")))


def _tidied(text: str) -> str:
    """Tidy text with the link marks kept, and cited blocks as "> " lines."""
    lines: list[str] = []
    depth = 0
    for line in text.split("\n"):
        deepest = depth
        for character in line:
            depth += (character == _CITE) - (character == _UNCITE)
            deepest = max(deepest, depth)
        bare = line.replace(_CITE, "").replace(_UNCITE, "").rstrip()
        if deepest and (bare or depth):
            lines.append("> " * max(deepest, 0) + bare.lstrip())
        else:
            lines.append(bare)
        depth = max(depth, 0)
    return _keeping_marks("\n".join(lines))


def _keeping_marks(text: str) -> str:
    """`tidy`, which would take the marks for invisible characters, around the marks."""
    found = _MARK.findall(text)
    if not found:
        return tidy(text)
    return str(_PLACE.sub(_Refill(found), tidy(_MARK.sub(lambda _: "\ufffc", text.replace("\ufffc", "")))))


_PLACE = re2.compile("\ufffc")  # the object replacement character: survives `normalise`


class _Refill:
    """Puts the marks back, one by one."""

    def __init__(self, found: list[str]) -> None:
        self._found = iter(found)

    def __call__(self, match: Any) -> str:  # noqa: ARG002 - what a substitution is called with
        return next(self._found, "")
