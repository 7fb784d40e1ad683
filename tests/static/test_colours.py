"""Everything can be read: the house's colours and any colour an owner may choose (WCAG 2.2 AA)."""

import json
import re

import pytest

from tests.static.browserless import STATIC, node_needed, run

TOKENS = (STATIC / "shared/tokens.css").read_text()
DARK = TOKENS.index("@media (prefers-color-scheme: dark)")
SCHEMES = {"light": TOKENS[:DARK], "dark": TOKENS[DARK:]}
PAPERS = ("desk", "paper", "raised")


def colour(scheme: str, name: str) -> str:
    if name == "accent":
        name = f"accent-{scheme}"
    found = re.search(rf"--{name}: (#[0-9a-f]{{6}});", SCHEMES[scheme])
    assert found, f"--{name} has no colour in {scheme}"
    return found[1]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["ink", "soft", "faint", "accent", "good", "wait", "bad"])
def test_every_ink_can_be_read_on_every_paper(scheme: str, ink: str):
    for paper in PAPERS:
        assert contrast(colour(scheme, ink), colour(scheme, paper)) >= 4.5, paper


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "paper"), [("on-accent", "accent"), ("bad", "bad-wash"), ("ink", "mark")]
)
def test_ink_on_a_colour_can_be_read(scheme: str, ink: str, paper: str):
    assert contrast(colour(scheme, ink), colour(scheme, paper)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_edge_of_a_field_can_be_seen(scheme: str):
    assert all(contrast(colour(scheme, "edge"), colour(scheme, paper)) >= 3 for paper in PAPERS)


@node_needed
def test_any_colour_an_owner_picks_is_made_readable():
    picked = [f"#{red:02x}{green:02x}{blue:02x}" for red in (0, 120, 255)
              for green in (0, 120, 255) for blue in (0, 120, 255)]  # fmt: skip
    shades = run(f"""
      const {{ legible, parse }} = await import("{STATIC}/shared/colour.js");
      const hex = (rgb) => "#" + rgb.map((one) => one.toString(16).padStart(2, "0")).join("");
      give({json.dumps(picked)}.map((one) =>
        [hex(legible(parse(one), "light")), hex(legible(parse(one), "dark"))]));
    """)

    for light, dark in shades:
        for paper in PAPERS:
            assert contrast(light, colour("light", paper)) >= 4.5
            assert contrast(dark, colour("dark", paper)) >= 4.5
        assert contrast(light, colour("light", "on-accent")) >= 4.5
        assert contrast(dark, colour("dark", "on-accent")) >= 4.5


@node_needed
@pytest.mark.parametrize("text", ["red", "#fff", "url(x)", "", "#12345g"])
def test_what_is_not_a_colour_dresses_nothing(text: str):
    script = f"""
      const {{ parse }} = await import("{STATIC}/shared/colour.js");
      give(parse({json.dumps(text)}));
    """

    assert run(script) is None
