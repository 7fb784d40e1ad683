"""The health of the pretend server: something that does not work, something to look after."""

from tests.static.preview_house import Json
from tests.static.preview_server import Preview, route


def finding(check: str, state: str, said: str) -> Json:
    """A finding as the API tells it."""
    return {"check": check, "state": state, "code": f"doctor_{check}", "said": said}


FULL = (
    "O disco está cheio: 412 MB livres onde está /var/lib/appliance. Libere espaço agora; nada se "
    "perde, mas nada novo entra."
)
ALONE = (
    "Administradores que entram só com senha: 1. Peça que liguem a verificação em duas etapas no "
    "perfil, ou exija-a em Configurações."
)
FOUND = [
    finding("processor", "ok", "O processador serve: AMD EPYC, 2 cores."),
    finding("disk", "failed", FULL),
    finding("database", "ok", "O banco de dados está inteiro."),
    finding("administrators", "warning", ALONE),
]


@route("GET", "/api/doctor")
def looked(self: Preview) -> None:
    self.json({"items": FOUND, "next": None})


FILES = [
    {
        "name": "doctor.json",
        "bytes": 8412,
        "said": "O exame do servidor: cada achado, sem nomes nem lugares.",
    },
    {
        "name": "versions.json",
        "bytes": 3120,
        "said": "Versões deste programa, do sistema e das bibliotecas.",
    },
    {"name": "log.jsonl", "bytes": 91_204, "said": "Os últimos avisos e falhas de cada processo."},
]


@route("GET", "/api/diagnostics")
def listed(self: Preview) -> None:
    self.json({"items": FILES, "next": None})
