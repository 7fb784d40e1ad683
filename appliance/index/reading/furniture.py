"""What stands around the text of a page and is no part of it: menus, footers, cookie bars.

Sites name these parts for their own style sheets, in the same few words for twenty years; a
part is furniture when its tag, role or name says so, and what it holds agrees. Losing a
sentence costs an answer, and keeping a menu costs little: whatever holds the page's main
heading, or most of its words, is never furniture.

Measured on the twelve pages of ``tests/index/reading/web``: of 686 words of text none is lost, and
3 words of menus stay. trafilatura 2.3 loses 38 (headings, cards, asides), keeps 24, and takes
0.35 s to load in every reader.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_TAGS = frozenset(("nav", "footer"))
_ROLES = frozenset(("navigation", "contentinfo", "search", "banner"))
_CONTENT = frozenset(("main", "article"))
_SILENT = frozenset(("head", "script", "style", "noscript", "template", "svg"))
# An "a" of the class "header" is a heading's anchor: only blocks are furniture by such names.
_BLOCKS = frozenset(
    ("div", "section", "ul", "ol", "dl", "table", "tbody", "tr", "td", "header", "aside", "form")
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
# Names that say enough by themselves.
_ALWAYS = frozenset(
    (
        *("footer", "rodape", "colophon", "copyright", "breadcrumb", "breadcrumbs", "migalhas"),
        *("cookie", "cookies", "consent", "gdpr", "lgpd", "newsletter", "noprint", "editsection"),
        *(
            "catlinks",
            "comments",
            "comentarios",
            "masthead",
            "toc",
            "skip",
            "whatsapp",
            "site-info",
        ),
    )
)
_BELOW = frozenset(("footer", "rodape", "colophon"))
_CHAPTER_WORDS = 40
# Names of what is mostly links, and may also be those of a text.
_LINKED = frozenset(
    (
        *("nav", "navbar", "navigation", "globalnav", "menu", "submenu", "sidebar", "portlet"),
        *("share", "sharing", "compartilhar", "compartilhe", "social", "sociais", "related"),
        *("relacionados", "relacionadas", "actions", "pagination", "paginacao", "widget"),
        *("cta", "links", "tags"),
    )
)
# Names of what stands above a page, and also above a section.
_ABOVE = frozenset(("header", "topo", "topbar", "top", "barra", "cabecalho", "logo", "busca"))
_ABOVE_WORDS = 30
_LINK_SHARE = 0.5
_MENU_SHARE, _MENU_LINKS, _MENU_WORDS = 0.9, 3, 3  # of a list without a name, above the text
_NAMES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class _Part(msgspec.Struct):
    """What an element holds: words, those of them in links, links, and headings."""

    words: int = 0
    linked: int = 0
    links: int = 0
    headings: int = 0
    main: bool = False  # the page's first h1, or the element that says it is the text

    def add(self, other: "_Part") -> None:
        self.words += other.words
        self.linked += other.linked
        self.links += other.links
        self.headings += other.headings
        self.main = self.main or other.main

    @property
    def link_share(self) -> float:
        return self.linked / self.words if self.words else 0.0


def found(body: Any) -> frozenset[int]:
    """The ``mem_id`` of the elements below ``body`` that are furniture."""
    parts = _measured(body)
    whole = parts[body.mem_id]
    plain = whole.words - whole.linked
    chosen: set[int] = set()
    above = whole.main  # there is a text, and it has not begun yet
    inside: list[Any] = []  # the elements that say they are the text, around this one
    for node, entering in _walk(body):
        if not entering:
            if inside and inside[-1].mem_id == node.mem_id:
                inside.pop()
            continue
        if node.tag in _CONTENT:
            inside.append(node)
        above = above and node.tag != "h1" and not inside
        part = parts[node.mem_id]
        holds_text = part.main or 2 * (part.words - part.linked) > plain > 0
        if node.mem_id == body.mem_id or node.tag in _CONTENT:
            continue
        if node.tag in _TAGS or (node.attributes.get("role") or "") in _ROLES:
            if not part.main:
                chosen.add(node.mem_id)
        elif not holds_text and _says_so(node, part, above=above, inside=bool(inside)):
            chosen.add(node.mem_id)
    return frozenset(chosen)


def _says_so(node: Any, part: _Part, *, above: bool, inside: bool) -> bool:
    """Whether name and content of an element agree that it is furniture."""
    names = _names(node)
    if names & _ALWAYS:
        # A chapter about copyright or cookies bears that name as well.
        is_chapter = part.headings and part.words - part.linked > _CHAPTER_WORDS
        return bool(names & _BELOW) or not is_chapter
    if node.tag not in _BLOCKS:
        return False
    if (names & _LINKED or (node.tag == "aside" and not inside)) and (
        part.link_share >= _LINK_SHARE or not part.words
    ):
        return True
    top = names & _ABOVE or (node.tag == "header" and not inside)
    if top and not part.headings and part.words <= _ABOVE_WORDS:
        return True
    is_menu = part.links >= _MENU_LINKS and part.linked <= _MENU_WORDS * part.links
    return above and is_menu and part.link_share >= _MENU_SHARE


def _names(node: Any) -> set[str]:
    written = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"[:500]
    whole = {name.lower() for name in written.split()}
    return whole | {word.lower() for word in _NAMES.findall(written)}


def _measured(body: Any) -> dict[int, _Part]:
    """What each element holds, in one pass: a page may nest a million of them."""
    parts: dict[int, _Part] = {}
    around: list[_Part] = []
    links = 0
    seen_main = False
    for node, entering in _walk(body):
        if not entering:
            links -= node.tag == "a"
            part = around.pop()
            if around:
                around[-1].add(part)
            continue
        part = parts[node.mem_id] = _Part()
        around.append(part)
        links += node.tag == "a"
        part.links = int(node.tag == "a")
        part.headings = int(node.tag in _HEADINGS)
        if node.tag in _CONTENT or (node.tag == "h1" and not seen_main):
            part.main = True
            seen_main = seen_main or node.tag == "h1"
        part.words = sum(len(text.split()) for text in _own_texts(node))
        part.linked = part.words if links else 0
    return parts


def _own_texts(node: Any) -> Iterator[str]:
    child = node.child
    while child is not None:
        if child.tag == "-text":
            yield child.text_content or ""
        child = child.next


def _walk(body: Any) -> Iterator[tuple[Any, bool]]:
    """Each element twice, when it begins and when it ends, without recursion."""
    node, entering = body, True
    while True:
        silent = node.tag in _SILENT or node.tag.startswith("-")
        if entering and not silent:
            yield node, True
            if node.child is not None:
                node = node.child
                continue
        if not silent:
            yield node, False
        if node.mem_id == body.mem_id:
            return
        following = node.next
        node, entering = (following, True) if following is not None else (node.parent, False)
