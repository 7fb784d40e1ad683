"""What installer/monitoring asks for is what /metrics gives: every figure and every label."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from appliance import backups, certificates
from appliance.backups import Backup
from appliance.metrics import Standing, page
from appliance.models.wire import Part
from appliance.records import JobState, timestamp
from appliance.status import Status
from tests.doctor.clinic import running
from tests.house import House
from tests.installer.conftest import CHECKOUT

pytestmark = pytest.mark.guarantee("INS-11")

FOLDER = CHECKOUT / "installer" / "monitoring"
NAME = re.compile(r"balcao_\w+")
MATCHER = re.compile(r"(balcao_\w+)\{(\w+)(!?=~?)\"([^\"]*)\"\}")
LABELS = {
    "status": {"1xx", "2xx", "3xx", "4xx", "5xx", "none"},
    "state": set(get_args(JobState)),
    "model": {"embedder", "language"},
}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / "grafana.json").read_text("utf-8"))["panels"]
    return found


def asked() -> Iterator[str]:
    """Every expression of the rules and of the dashboard."""
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


@pytest.fixture
def given(writing_house: House) -> dict[str, set[str]]:
    """Each sample that an appliance at work gives, and its labels."""
    made = writing_house.assistant()
    writing_house.upload(made["collections"][0])
    writing_house.ask(made["id"], "Qual é a multa por atraso na devolução de livros?")
    parts = writing_house.parts
    client: Any = running(language=Part(name="x", state="ready"))
    proven = Backup(
        id="b", file="b", made_at=timestamp(), bytes=1, documents=1, program="0",
        verified_at=timestamp(),
    )  # fmt: skip
    backups.add(writing_house.settings.data, proven)
    certificates.make(writing_house.settings.data, ["balcao.escola.example"])
    settings = msgspec.structs.replace(writing_house.settings, tls=True)
    standing = Standing(
        settings, parts.database, Status(settings, client), parts.answering.entrance
    )
    text = page(writing_house.parts.meters, standing).decode()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_figure_that_is_asked_for_is_given(given: dict[str, set[str]]) -> None:
    names = {name for expression in asked() for name in NAME.findall(expression)}

    assert len(names) > 20
    assert sorted(names - given.keys()) == []


def test_every_label_that_is_asked_for_is_there_and_can_have_that_value(
    given: dict[str, set[str]],
) -> None:
    matchers = [one for expression in asked() for one in MATCHER.findall(expression)]

    assert len(matchers) > 4
    for name, label, _, value in matchers:
        assert label in given[name], f"{name} has no {label}"
        assert set(value.split("|")) <= LABELS[label]
    by = re.findall(r"by \(([^)]*)\) \(rate\((\w+)", " ".join(asked()))
    assert by
    for labels, name in by:
        assert set(labels.split(", ")) <= given[name]


def test_every_alert_says_how_urgent_it_is_and_what_is_the_matter() -> None:
    found = rules()

    assert len({rule["alert"] for rule in found}) == len(found) > 10
    for rule in found:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        told = re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))
        assert set(told) <= {"part"}


def test_no_panel_hides_another() -> None:
    places = [
        (x, y)
        for panel in panels()
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_the_manual_says_how_to_scrape_and_names_the_files() -> None:
    manual = (CHECKOUT / "installer" / "README.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", manual, re.S)

    (job,) = yaml.safe_load(text)["scrape_configs"]

    assert job["job_name"] == "balcao"  # the first rule asks for it
    assert job["authorization"]["type"] == "Bearer"
    for file in FOLDER.iterdir():
        assert f"(monitoring/{file.name})" in manual
