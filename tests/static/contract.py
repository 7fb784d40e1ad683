"""The shapes of the API as TypeScript reads them, made from the OpenAPI document.

    .venv/bin/python -m tests.static.contract

writes ``static/shared/contract.d.ts`` anew; ``test_contract`` says when that is due. The paths
are left out: who calls one stands in its face, and the answers to errors, four to each route,
would be nine tenths of the file.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from appliance.settings import Settings
from tests.fakes import WordEmbedder
from tests.house import House

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / "static/shared/contract.d.ts"
MAKER = HERE / "node_modules/.bin/openapi-typescript"


def schemas() -> dict[str, Any]:
    """The named shapes of the OpenAPI document that a running house gives, in their order."""
    with (
        tempfile.TemporaryDirectory() as place,
        House(Settings(data_dir=place), embedder=WordEmbedder()) as house,
    ):
        answer = house.client.get("/api/openapi.json")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["components"]["schemas"]
    return dict(sorted(found.items()))


def written(shapes: dict[str, Any]) -> str:
    """The file. Fields that have a default may be missing, as in what is sent."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Balcão", "version": "0"},
        "paths": {},
        "components": {"schemas": shapes},
    }
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / "openapi.json", Path(place) / "contract.d.ts"
        given.write_text(json.dumps(document), "utf-8")
        subprocess.run(
            [MAKER, given, "--default-non-nullable", "false", "--output", made],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return made.read_text("utf-8")


if __name__ == "__main__":
    KEPT.write_text(written(schemas()), "utf-8")
