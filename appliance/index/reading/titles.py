"""What a page of the web calls itself, without the name of its site."""

import re
from typing import Any

from appliance.index.reading import characters

LIMIT = 300
_BETWEEN = re.compile(r"\s+(?:[|–—•·»«>/-]|::)\s+")


def title(tree: Any) -> str:
    """The title of a parsed page, in one line: its heading where it has none, or "".

    A site puts its own name behind (or before) every title: where one part is the page's
    heading that part is the title, and a part that is the site's name is left out.
    """
    written = _meta(tree, "og:title") or _text(tree.css_first("head > title"))
    parts = [part for part in _BETWEEN.split(written) if part]
    heading = _text(tree.css_first("h1"))
    if len(parts) < 2:
        return written or heading
    if heading.casefold() in (part.casefold() for part in parts):
        return next(part for part in parts if part.casefold() == heading.casefold())
    site = (_meta(tree, "og:site_name") or _meta(tree, "application-name")).casefold()
    ends = [part for part in (parts[0], parts[-1]) if site and part.casefold() == site]
    if not ends:
        return written
    return written.removesuffix(ends[0]).removeprefix(ends[0]).strip(" \t|–—•·»«>/-:")


def _meta(tree: Any, name: str) -> str:
    found = tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return characters.one_line((found.attributes.get("content") or "") if found else "")[:LIMIT]


def _text(node: Any) -> str:
    return characters.one_line(node.text() if node is not None else "")[:LIMIT]
