"""Another model while the appliance runs: nothing is restarted, and answers quote meanwhile."""

from pathlib import Path

import pytest

from appliance.models import catalogue
from appliance.models.weights import import_file
from tests.models.make_probe import make
from tests.whole.running import Running, eventually, running
from tests.whole.test_generate import COPYIST, RUNNER, ask, library, ready, status

SMALL = "qwen2.5-0.5b-instruct"
pytestmark = pytest.mark.crash


def stands(appliance: Running, state: str) -> None:
    eventually(
        lambda: (status(appliance)["language_model"] or {}).get("state") == state,
        f"not {state}: {status(appliance)}",
        90,
    )


def test_models_come_and_go_and_the_processes_stay(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_file(COPYIST, "copyist", data / "models")
    import_file(make(tmp_path / "other.gguf"), SMALL, data / "models")
    with running(data) as appliance:
        assistant = library(appliance)
        runner = appliance.child(RUNNER)
        assert runner
        assert ask(appliance, assistant)["mode"] == "quote"

        assert appliance.client.post("/api/models/copyist/use").status_code == 200
        ready(appliance)
        assert ask(appliance, assistant)["mode"] == "generate"

        # Not what its name says: it lacks the marks of the template.
        assert appliance.client.post(f"/api/models/{SMALL}/use").status_code == 200
        stands(appliance, "failed")
        told = status(appliance)["language_model"]
        assert catalogue.find(SMALL).file in told["reason"]
        assert told["former"] == "copyist"
        assert ask(appliance, assistant)["mode"] == "quote"

        appliance.command("models", "use", "copyist")
        ready(appliance)
        assert ask(appliance, assistant)["mode"] == "generate"
        assert appliance.child(RUNNER) == runner
        assert appliance.part("runner")["restarts"] == 0
