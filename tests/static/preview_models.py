"""The models of the pretend appliance: one of each state, and pulls that get somewhere."""

from typing import Any

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

MIRROR = "https://huggingface.co"


def _model(name: str, **fields: Any) -> Json:
    base = {
        "name": name, "kind": "language", "description": "Um modelo, Q4_K_M. Para servidores.",
        "licence": "Apache-2.0", "languages": ["en", "pt", "es"], "context": 8192,
        "ram_mb": 6500, "fits": True, "state": "absent", "size": 0, "fetched": 0, "sha256": "",
        "imported_at": None, "in_use": False, "hosts": [MIRROR], "brought": False, "job": None,
    }  # fmt: skip
    return base | fields


def _job(state: str, **fields: Any) -> Json:
    base = {"id": new_id("j"), "kind": "pull", "state": state, "done": 0, "total": 0,
            "unit": "bytes", "problem": None}  # fmt: skip
    return base | fields


CUT = "A conexão com https://huggingface.co caiu várias vezes. O que já veio fica guardado."


def furnished() -> dict[str, Json]:
    """By name."""
    models = [
        _model("mistral-7b-instruct-v0.3", state="ready", size=4_372_811_936, in_use=True,
               sha256="1f" * 32, imported_at=NOW),
        _model("mistral-nemo-instruct-2407", ram_mb=9500, fits=False),
        _model("qwen2.5-7b-instruct", state="partial", fetched=1_200_000_000,
               job=_job("failed", problem={"code": "source_cut", "detail": CUT})),
        _model("qwen2.5-1.5b-instruct", ram_mb=2500, state="partial", fetched=512_000_000,
               job=_job("running", done=512_000_000, total=1_117_320_736)),
        _model("qwen2.5-0.5b-instruct", ram_mb=1200, brought=True),
        _model("minilm", kind="embedder", state="installed", size=90_868_376, ram_mb=600,
               in_use=True, hosts=[]),
        _model("bge-m3", kind="embedder", licence="MIT", state="ready", size=2_271_000_000,
               ram_mb=3500, hosts=[], sha256="2e" * 32, imported_at=NOW),
    ]  # fmt: skip
    return {model["name"]: model for model in models}


@route("GET", "/api/models")
def models(self: Preview) -> None:
    machine = {"processor": "x86_64", "cores": 8, "avx2": True, "bf16": False,
               "total_mb": 8192, "available_mb": 5300}  # fmt: skip
    items = list(self.house.models.values())
    self.json({"items": items, "next": None, "machine": machine, "import_folder": "/media/usb"})


@route("POST", "/api/models/import")
def bring(self: Preview) -> None:
    model = self.house.models[self.body()["name"]]
    model |= {"state": "ready", "size": 491_400_032, "imported_at": NOW}
    self.json({"job": _job("queued")}, 202)


@route("POST", "/api/models/{}/pull")
def pull(self: Preview, name: str) -> None:
    job = _job("running", done=10_000_000, total=491_400_032)
    self.house.models[name] |= {"job": job}
    self.json({"job": job}, 202)


@route("POST", "/api/jobs/{}/cancel")
def cancel(self: Preview, one: str) -> None:
    for model in self.house.models.values():
        if model["job"] and model["job"]["id"] == one:
            model |= {"job": None, "state": "partial", "fetched": model["job"]["done"]}
    self.json({})


@route("DELETE", "/api/models/{}")
def remove(self: Preview, name: str) -> None:
    self.house.models[name] |= {"state": "absent", "fetched": 0, "size": 0, "job": None}
    self.send(b"", "text/plain", 204)
