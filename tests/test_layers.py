"""The architecture is data, and this test reads it: imports point down, never sideways."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "appliance"

WORDS = {
    "__init__",
    "cells",
    "disk",
    "errors",
    "folding",
    "forms",
    "hosts",
    "logs",
    "looks",
    "places",
    "precedence",
    "preflight",
    "records",
    "rows",
    "schedules",
    "sections",
    "settings",
    "trail",
    "vouching",
    "windows",
}
STORES = {
    "certificates",
    "database",
    "mail",
    "net",
    "processes",
    "signatures",
    "syslog",
    "systemd",
    "vault",
}
RIGHTS = {
    "reach",
}
ENGINES = {
    "index",
    "models",
}
NOUNS = {
    "accounts",
    "approved",
    "assistants",
    "attached",
    "attestations",
    "audit",
    "backups",
    "chunks",
    "collections",
    "conversations",
    "embedders",
    "engines",
    "facts",
    "families",
    "figures",
    "flows",
    "frequencies",
    "gaps",
    "golden",
    "groups",
    "handovers",
    "holds",
    "hooks",
    "identities",
    "keeping",
    "keys",
    "letters",
    "library",
    "lifetime",
    "logos",
    "names",
    "notices",
    "options",
    "outgoing",
    "proposals",
    "readings",
    "reviews",
    "routine",
    "segments",
    "signin",
    "sources",
    "subjects",
    "tables",
    "throttle",
    "trash",
    "usage",
    "versions",
    "visitors",
    "widgets",
}
WORK = {
    "answering",
    "archive",
    "bundles",
    "children",
    "diagnostics",
    "doctor",
    "egress",
    "federation",
    "jobs",
    "metrics",
    "processing",
    "resealing",
    "status",
    "transcripts",
}
EVERYTHING = WORDS | STORES | RIGHTS | ENGINES | NOUNS | WORK | {"api", "app", "cli", "__main__"}

MAY_IMPORT = (
    dict.fromkeys(WORDS, WORDS)
    | dict.fromkeys(STORES | ENGINES, WORDS)
    # Every noun lists itself within what a caller reaches.
    | dict.fromkeys(RIGHTS, WORDS | {"database"})
    | dict.fromkeys(NOUNS, WORDS | {"database"} | RIGHTS)
    | dict.fromkeys(WORK, WORDS | STORES | RIGHTS | ENGINES | NOUNS)
    # The edge opens transactions (a change and its audit row are one) but speaks no SQL.
    | {
        "api": WORDS | {"database", "mail", "syslog", "vault"} | RIGHTS | NOUNS | WORK,
        # They look at everything, and nothing below knows them.
        "diagnostics": WORDS | STORES | RIGHTS | ENGINES | NOUNS | WORK,
        "doctor": WORDS | STORES | RIGHTS | ENGINES | NOUNS | WORK,
        # It asks the copy what the house was asked, and is killed at its steps.
        "archive": WORDS | STORES | RIGHTS | ENGINES | NOUNS | {"answering", "jobs"},
        "metrics": WORDS | STORES | RIGHTS | ENGINES | NOUNS | WORK,
        "app": EVERYTHING,
        "cli": EVERYTHING,
        "__main__": EVERYTHING,
    }
)

# A heavy library has one home (a file or a folder); swapping it is one place.
ONLY_IN = {
    "faiss": ("index/vectors.py",),
    "pypdf": ("index/reading/",),
    "pypdfium2": ("index/reading/",),
    "docx": ("index/reading/", "subjects/paper.py", "transcripts/"),
    "pptx": ("index/reading/",),
    "oxmsg": ("index/reading/",),
    "olefile": ("index/reading/",),
    "python_calamine": ("index/reading/spreadsheet.py",),
    "huey": ("jobs/queue.py",),
    "prometheus_client": ("metrics.py",),
    "llama_cpp": ("models/llama.py", "models/choosing.py"),
    "sentence_transformers": ("models/embedding.py",),
    "torch": ("models/embedding.py",),
    "sqlite_utils": ("database.py",),
    "litestar": ("api/", "app.py"),
    "uvicorn": ("cli/serve.py", "cli/announcing.py", "cli/connections.py"),
    "httpx": ("net/",),
    # Whoever can open a socket could leave: the ways out, and what speaks by files of ours.
    "socket": (
        *("net/addresses.py", "models/", "api/middleware.py", "egress/room.py"),
        *("systemd.py", "cli/announcing.py", "preflight.py", "syslog.py"),
    ),
    "socketserver": (),
    "urllib3": (),
    "requests": (),
    "aiohttp": (),
    "websockets": (),
    "httpcore": (),
    "ftplib": (),
    "poplib": (),
    "imaplib": (),
    "xmlrpc": (),
    "protego": ("jobs/robots.py",),
    "selectolax": ("index/reading/",),
    "argon2": ("signin/password.py",),
    "cryptography": ("vault.py", "signatures.py", "certificates.py", "archive/sealed.py"),
    "jwt": ("signin/oidc.py",),
    "zxcvbn": ("signin/wordlist.py",),
    "ldap3": ("signin/ldap.py",),
    "pyotp": ("signin/second_factor.py",),
    "segno": ("api/second_factor.py",),
    "mcp": ("api/mcp_server.py",),
    "smtplib": ("mail.py",),
    "mcp_types": ("api/mcp_server.py",),
    "httpx2": ("models/bridge.py",),
    "langchain_core": ("answering/", "models/providers.py"),
    "langchain": ("answering/",),
    "langchain_openai": ("models/providers.py",),
    "langchain_anthropic": ("models/providers.py",),
    "langchain_mistralai": ("models/providers.py",),
    "anthropic": ("models/providers.py",),
    "langchain_text_splitters": ("index/splitting.py",),
    "PIL": ("index/reading/", "logos.py"),
    "subprocess": ("processes.py", "index/reading/"),
}
# Ways out that need no library of their own: nobody takes them but the ways that are counted.
LEADS_OUT = {
    "getaddrinfo", "gethostbyname", "gethostbyaddr", "getfqdn", "getnameinfo",
    "create_connection", "create_datagram_endpoint", "open_connection", "sock_connect",
    "urlopen", "urlretrieve", "HTTPConnection", "HTTPSConnection",
}  # fmt: skip
MAY_LEAD_OUT = {
    "net/addresses.py": {"getaddrinfo"},
    "syslog.py": {"getaddrinfo", "create_connection"},  # counted before either
}
FORBIDDEN = {"pickle", "dill", "joblib", "shelve", "marshal", "langchain_community"}

SQL = re.compile(r"\s*(select|insert|update|delete|pragma|with)\s", re.IGNORECASE)

MODULES = sorted(HOUSE.rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "appliance":
                yield from (f"appliance.{alias.name}" for alias in node.names)


def room(file: Path) -> str:
    """The first name below ``appliance``: a module or a package."""
    return file.relative_to(HOUSE).parts[0].removesuffix(".py")


def test_every_module_has_a_place_in_the_house() -> None:
    assert sorted({room(file) for file in MODULES} - EVERYTHING) == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_imports_point_down(file: Path) -> None:
    here = room(file)
    reached = {name.split(".")[1] for name in imported(file) if name.startswith("appliance.")}

    breaches = reached - MAY_IMPORT.get(here, EVERYTHING) - {here, "__version__"}

    assert sorted(breaches) == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_a_heavy_library_stays_in_its_home(file: Path) -> None:
    place = str(file.relative_to(HOUSE))
    libraries = {name.split(".")[0] for name in imported(file)}

    strays = [
        library
        for library in libraries
        if library in FORBIDDEN or (library in ONLY_IN and not place.startswith(ONLY_IN[library]))
    ]

    assert strays == []


def ways_out(code: str) -> set[str]:
    """The calls in a module that would open a way out of this machine, or ask for a name."""
    found = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
    }
    return found & LEADS_OUT


@pytest.mark.guarantee("ZE-10")
@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_nobody_leaves_but_by_the_ways_that_count(file: Path) -> None:
    allowed = MAY_LEAD_OUT.get(str(file.relative_to(HOUSE)), set())

    assert ways_out(file.read_text("utf-8")) - allowed == set()


def test_a_way_out_that_is_not_counted_would_be_found() -> None:
    assert ways_out("import urllib.request as u\nu.urlopen('http://a.test')") == {"urlopen"}
    assert ways_out("from http.client import HTTPSConnection\nHTTPSConnection('a')") != set()


# What may stand in a hole of a statement, beside constants in capitals: parts chosen here,
# each of them fixed text. Whatever a person wrote is a value (``:name``), never a part.
FIXED_PARTS = {
    "archive/undoing.py": {"table", "columns"},  # out of a table of constants
    "archive/upgrading.py": {"name"},  # out of the database's own list of its tables
    "diagnostics/contents.py": {"table"},  # out of the database's own list of its tables
    "figures.py": {
        "where", "which", "column", "', '.join(names)", "_column(by)", "_column(place)",
        "_total(place)",
    },
    "jobs/ledger.py": {"setting"},
    "library.py": {"name"},  # fields of a record, in a table of statements made at the start
    "sources/runs.py": {"name"},  # the same
    "subjects/erasing.py": {"table", "whose"},  # out of a table of constants
    "subjects/finding.py": {"table", "columns"},  # the same, by one function
    "tables.py": {  # so many names of values, and names of columns
        "held", "', '.join(places)", "', '.join((f':{place}' for place in places))",
    },
}  # fmt: skip
CONSTANT = re.compile(r"_?[A-Z][A-Z_]*(\.format\('[a-z]'\))?")


def statements(file: Path) -> Iterator[ast.expr]:
    """Texts with holes, and sums of texts, that begin as SQL does."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            if isinstance(first, ast.Constant) and SQL.match(str(first.value)):
                yield node
        joins = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
        if joins or (isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format")):
            texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
            if any(isinstance(text, str) and SQL.match(text) for text in texts):
                yield node


def loose(file: Path, allowed: set[str]) -> list[str]:
    """Parts of statements that are neither constants nor among those allowed."""
    found = []
    for node in statements(file):
        if isinstance(node, ast.JoinedStr):
            holes = [ast.unparse(one.value) for one in node.values if hasattr(one, "conversion")]
            found += [hole for hole in holes if not CONSTANT.fullmatch(hole)]
        else:
            found.append(ast.unparse(node)[:80])
    return [one for one in found if one not in allowed]


@pytest.mark.guarantee("SEC-43")
@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_no_statement_is_glued_from_strings(file: Path) -> None:
    assert loose(file, FIXED_PARTS.get(str(file.relative_to(HOUSE)), set())) == []


@pytest.mark.parametrize(
    "code",
    [
        "db.rows(f\"select * from people where name = '{name}'\")",
        'db.rows("select * from people where name = \'" + name + "\'")',
        "db.rows(\"select * from people where name = '%s'\" % name)",
        'db.rows("select * from {}".format(table))',
    ],
)
def test_a_statement_that_is_glued_would_be_found(tmp_path: Path, code: str) -> None:
    file = tmp_path / "glued.py"
    file.write_text(code)

    assert loose(file, set()) != []


@pytest.mark.parametrize(
    "file", sorted((HOUSE / "api").glob("*.py")), ids=lambda file: str(file.name)
)
def test_the_edge_reaches_no_table_behind_the_nouns_back(file: Path) -> None:
    texts = [
        node.value
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [text for text in texts if SQL.match(text)] == []
