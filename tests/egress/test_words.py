"""Every purpose and every reason has its words, in the report as in the console (ZE-10)."""

from typing import get_args

import pytest

from appliance.answering import writers
from appliance.egress.allowed import Because
from appliance.errors import sentences
from appliance.jobs import crawl, forwarding, pull
from appliance.mail import PURPOSE as MAIL
from appliance.records import LANGUAGES, Language
from appliance.signin.ldap import PURPOSE as SIGN_IN
from appliance.syslog import PURPOSE as AUDIT
from tests.static.browserless import STATIC

pytestmark = pytest.mark.guarantee("ZE-10")

PURPOSES = (
    pull.PULL, crawl.PURPOSE, writers.PURPOSE, MAIL, AUDIT, SIGN_IN, "proxy", forwarding.PURPOSE,
)  # fmt: skip
WANTED = {f"purpose_{one}" for one in PURPOSES} | {f"because_{one}" for one in get_args(Because)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_them(language: Language) -> None:
    known = sentences(language)

    assert sorted(one for one in WANTED if f"say_egress_{one}" not in known) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_console_has_them(language: Language) -> None:
    said = (STATIC / f"console/egress/words/{language}.js").read_text("utf-8")

    assert sorted(one for one in WANTED if f'"egress.{one.replace("_", ".", 1)}"' not in said) == []
