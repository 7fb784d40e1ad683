"""The examples of the manual, run as they are printed, sign what the server takes.

PHP is run where it is installed. Everywhere its smaller twin holds: the printed PHP makes
the same calls as the other two, on the same fields, in the same order.
"""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from appliance import vouching

MANUAL = (Path(__file__).parents[1] / "installer" / "WIDGET.md").read_text("utf-8")
SECRET = "bi_kd8-Zq_0pT3v"
RUN = {"python": [sys.executable, "-c"], "js": ["node", "-e"]}
if shutil.which("php"):
    RUN["php"] = ["php", "-r"]


def printed(language: str) -> str:
    """The manual's example in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", MANUAL, re.DOTALL)
    return str(found)


class Line(HTMLParser):
    """The attributes of the one tag, as a browser reads them."""

    attributes: dict[str, str | None]

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = dict(attrs)


def told(language: str) -> dict[str, str]:
    """What the page says once the example has run."""
    code = printed(language).removeprefix("<?php\n")
    done = subprocess.run(
        [*RUN[language], code],
        env={"PATH": os.environ["PATH"], "BALCAO_IDENTITY_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=True,
    )
    line = Line()
    line.feed(done.stdout)
    return {name: value or "" for name, value in line.attributes.items()}


@pytest.mark.guarantee("SEC-33")
@pytest.mark.parametrize("language", sorted(RUN))
def test_an_example_as_it_is_printed_signs_what_the_server_takes(language: str) -> None:
    said = told(language)

    voucher = vouching.read(said["data-identity"], said["data-signature"], SECRET)

    assert (voucher.id, voucher.name) == ("4711", 'Ana "Nina" Souza')


def test_the_php_makes_the_same_calls_on_the_same_fields() -> None:
    code = printed("php")

    calls = re.findall(r"\b(json_encode|hash_hmac|htmlspecialchars)\(", code)
    assert calls == ["json_encode", "hash_hmac", "htmlspecialchars"]
    assert re.findall(r"'(\w+)' =>", code) == ["id", "name", "expires"]
    assert "hash_hmac('sha256', $identity, $secret)" in code
    assert "htmlspecialchars($identity, ENT_QUOTES)" in code
