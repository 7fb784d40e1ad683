"""A browser in the words by which its owner knows it, from what it says of itself.

It is for people to recognise their sessions by, and proves nothing.
"""

import re

# In this order: almost every browser also says that it is the ones after it.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def named(user_agent: str) -> str:
    """ "Firefox · Linux", a part of it, or "" for what is no known browser."""
    said = user_agent[:500]
    found = (
        next((name for name, sign in known if re.search(sign, said)), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return " · ".join(filter(None, found))
