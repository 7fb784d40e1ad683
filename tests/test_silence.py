"""Nothing that phones home is installed (ZE-07), and no environment switches on what libraries
bring along (ZE-08)."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.egress import selftest

CHECKOUT = Path(__file__).parents[1]
MODEL = CHECKOUT / "tests" / "tiny" / "copyist.gguf"
LISTS = sorted(CHECKOUT.glob("requirements*.txt"))

# What counts, tracks or reports to somebody else's server, by the beginning of its name.
PHONES_HOME = (
    "posthog", "langsmith", "langfuse", "sentry", "segment", "analytics-python", "scarf",
    "mixpanel", "amplitude", "opentelemetry", "chromadb", "gradio", "streamlit", "huggingface",
    "hf-", "wandb", "mlflow", "datadog", "ddtrace", "newrelic", "rollbar", "bugsnag", "logfire",
    "traceloop", "openinference", "arize", "comet", "honeycomb", "elastic-apm", "azure-monitor",
    "google-analytics", "statsd",
)  # fmt: skip
# What libraries of ours need to be imported at all, whom, and why it stays silent.
# test_no_environment_makes_the_main_job_call_out proves each of them so.
BROUGHT_ALONG = {
    "langsmith": "langchain-core; LANGSMITH_TRACING is set to false where every process begins",
    "huggingface-hub": "sentence-transformers; HF_HUB_OFFLINE is set where every process begins",
    "hf-xet": "huggingface-hub; a way to fetch, which offline nobody takes",
    "opentelemetry-api": "mcp; the names alone, without an exporter that could send",
}


def phoning(text: str) -> set[str]:
    """The packages of a list that phone home."""
    names = re.findall(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?\s*==", text)
    plain = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    return {name for name in plain if name.startswith(PHONES_HOME)}


@pytest.mark.guarantee("ZE-07")
@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_nothing_that_phones_home_is_installed(file: Path) -> None:
    assert phoning(file.read_text("utf-8")) - BROUGHT_ALONG.keys() == set()


@pytest.mark.guarantee("ZE-07")
def test_no_exception_outlives_what_it_was_made_for() -> None:
    listed = set().union(*(phoning(file.read_text("utf-8")) for file in LISTS))

    assert sorted(BROUGHT_ALONG.keys() - listed) == []


@pytest.mark.guarantee("ZE-07")
@pytest.mark.parametrize(
    "line",
    [
        "posthog==7.0.0 \\",
        "sentry_sdk==2.1",
        "opentelemetry-exporter-otlp==1.4 ; extra == 'x'",
        "Gradio[all]==5.0",
        "scarf.sdk==0.1",
    ],
)
def test_one_that_came_in_would_be_found(line: str) -> None:
    added = f"anyio==4.9.0 \\\n    --hash=sha256:00\n{line}\n"

    assert phoning(added) - BROUGHT_ALONG.keys() != set()


class Ear:
    """Listens on this machine and counts who calls; it never answers."""

    def __init__(self) -> None:
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while True:
                connection, _ = self._server.accept()
                self.calls += 1
                connection.close()
        except OSError:
            return  # closed

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    opened = Ear()
    yield opened
    opened.close()


def hostile(port: int) -> dict[str, str]:
    """Everything in an environment that tells a library to call somebody."""
    there = f"http://127.0.0.1:{port}"
    on = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING")
    off = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
    addresses = (
        "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT", "HF_ENDPOINT", "HF_INFERENCE_ENDPOINT",
        "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy",
        "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "MISTRAL_BASE_URL",
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "SENTRY_DSN",
        "POSTHOG_HOST", "PHOENIX_COLLECTOR_ENDPOINT",
    )  # fmt: skip
    keys = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "OPENAI_API_KEY", "HF_TOKEN")
    return (
        dict.fromkeys(on, "true")
        | dict.fromkeys(off, "0")
        | dict.fromkeys(addresses, there)
        | dict.fromkeys(keys, "x")
        | {"ANONYMIZED_TELEMETRY": "True", "OTEL_TRACES_EXPORTER": "otlp", "NO_PROXY": ""}
    )


@pytest.mark.guarantee("ZE-08")
@pytest.mark.parametrize("mode", ["generate", "quote"])
def test_no_environment_makes_the_main_job_call_out(
    settings, ear: Ear, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """With the network of this machine as it is: who calls would be heard."""
    for name, value in hostile(ear.port).items():
        monkeypatch.setenv(name, value)
    model = f"copyist={MODEL}" if mode == "generate" else ""

    trial = selftest.run(
        msgspec.structs.replace(settings, language_model=model), isolated=False, seconds=300
    )

    assert trial.problem is None
    assert (trial.passed, trial.model) == (True, "copyist" if model else "")
    assert ear.calls == 0


@pytest.mark.guarantee("ZE-08")
def test_the_ear_hears_whoever_calls(ear: Ear) -> None:
    with socket.create_connection(("127.0.0.1", ear.port)) as call:
        assert call.recv(1) == b""

    assert ear.calls == 1


@pytest.mark.guarantee("ZE-08")
def test_without_our_care_a_library_would_call(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays silent is not silent by nature: httpx, left alone, takes the proxy it is told."""
    import httpx

    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{ear.port}")
    monkeypatch.setenv("NO_PROXY", "")

    with pytest.raises(httpx.HTTPError):
        httpx.get("http://example.invalid/", timeout=5)

    assert ear.calls == 1
