"""Two ways to work at the console: with a mouse, and by somebody who has only a keyboard.

The keyboard's owner sees where the focus is at each step, and never loses it: after a press it
stands on something, whatever the page has taken away or drawn anew.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, TimeoutError

MOST_STEPS = 200
# Where the focus is, seen from the element that is wanted.
WHERE = """wanted => {
  const one = document.activeElement;
  const order = one.compareDocumentPosition(wanted);
  const name = one.getAttribute("aria-label") ?? one.textContent.trim().slice(0, 60);
  const frames = [one, one.closest("label, form"), one.parentElement].filter(Boolean);
  const ring = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
  const seen = frames.some((frame) => {
    const { left, right, top, bottom } = frame.getBoundingClientRect();
    const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    return inside && right - left > 2 && bottom - top > 2 && ring(getComputedStyle(frame));
  });
  const whole = ["BODY", "MAIN", "IFRAME"].includes(one.tagName);
  return { here: one === wanted, lost: one === document.body, back: Boolean(order & 2),
    seen: seen || whole, name: `${one.tagName} ${name}` };
}"""


class Hands(Protocol):
    """What a journey needs of whoever works."""

    def open(self, address: str) -> None:
        """Go to an address."""

    def press(self, target: Locator) -> None:
        """Press a button, a link or a summary."""

    def write(self, target: Locator, text: str) -> None:
        """Write into a field, in the place of what is there."""

    def choose(self, target: Locator, option: str) -> None:
        """Choose an option by its label."""

    def attach(self, label: str, files: Path | Sequence[Path]) -> None:
        """Choose files with the button of this label."""


class Mouse:
    """Clicks; ``clicks`` says how often since the address was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(
            "window.presses = 0; addEventListener('pointerdown', () => window.presses++, true)"
        )

    @property
    def clicks(self) -> int:
        """As the page itself has counted them."""
        return int(self.page.evaluate("window.presses"))

    def open(self, address: str) -> None:
        self.page.goto(address)

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def choose(self, target: Locator, option: str) -> None:
        target.select_option(label=option)

    def attach(self, label: str, files: Path | Sequence[Path]) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_text(label, exact=True).click()
        chooser.value.set_files(files)


class Keyboard:
    """Tab, Enter, letters and arrows; nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fresh = True  # nothing has the focus on a page that was just opened

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.fresh = True

    def reach(self, target: Locator) -> None:
        """Step to it, forwards or back, and see each step."""
        target.wait_for(state="attached")
        where = target.evaluate(WHERE)
        assert self.fresh or not where["lost"], f"the focus was lost before {target}"
        self.fresh = False
        for _ in range(MOST_STEPS):
            if where["here"]:
                return
            self.page.keyboard.press("Shift+Tab" if where["back"] else "Tab")
            where = target.evaluate(WHERE)
            assert where["seen"], f"no focus to be seen on {where['name']}"
        raise AssertionError(f"no way to {target} by Tab")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, option: str) -> None:
        self.reach(target)
        self.page.keyboard.type(option)
        chosen = target.evaluate("one => one.selectedOptions[0].label")
        assert chosen == option, chosen

    def attach(self, label: str, files: Path | Sequence[Path]) -> None:
        try:
            self._choose(label, files)
        except TimeoutError:  # seen twice on a crowded machine, and never where it was watched
            self._choose(label, files)

    def _choose(self, label: str, files: Path | Sequence[Path]) -> None:
        self.reach(self.page.get_by_label(label))
        with self.page.expect_file_chooser(timeout=10_000) as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(files)
