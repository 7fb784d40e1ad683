"""A canary in every column of every table that takes a text, each with a word of its own."""

import re
from pathlib import Path
from typing import Any

from appliance.database import Database
from appliance.records import timestamp

WORD = "canario"
_TIME = re.compile(r"(_at|_until|^at|^day|^until|^since|^moment|_before|_on|_from|_to)$")
# What the code itself says, or reads as something else than a text.
OTHERWISE = {
    "engines.addresses": f'["http://{WORD}-engines-addresses"]',
    "jobs.kind": "ingest",
    "jobs.problem": f'{{"code":"reader_slow","facts":{{"file":"{WORD}-jobs-problem"}}}}',
    "options.section": "mail",
    "options.value": f'{{"host":"{WORD}-options-value","port":25,"password":"{WORD}-sealed"}}',
    "outgoing.origin": f"http://{WORD}-outgoing-origin:80",
    "people.origin": "local",
    "source_runs.dry_run": 0,
    "source_runs.state": "held",
    "segments.merged_into": None,
}


def plant(database: Database) -> set[str]:
    """Put a row of canaries into every table, and give the words that stand there now.

    Neither keys to other tables nor conditions are looked at, so that no table waits for
    another.
    """
    words: set[str] = set()
    with database.connection() as db:
        db.conn.execute("pragma foreign_keys = off")
        db.conn.execute("pragma ignore_check_constraints = on")
        for table, sql in db.conn.execute(
            "select one.name, sql from pragma_table_list one join sqlite_schema using (name)"
            " where one.schema = 'main' and one.type = 'table' and one.name not like '\\_%'"
            " escape '\\'"
        ).fetchall():
            words |= _row(db.conn, table, sql)
        db.conn.execute("pragma ignore_check_constraints = off")
        db.conn.execute("pragma foreign_keys = on")
    return words


def strew(data: Path) -> None:
    """Files whose names and contents are canaries, in each of the data's folders."""
    for folder in ("files", "index", "models", "backups", "log", "secrets"):
        (data / folder).mkdir(exist_ok=True)
        (data / folder / f"{WORD}-{folder}.txt").write_text(f"{WORD}-content")


def _row(raw: Any, table: str, sql: str) -> set[str]:
    columns = raw.execute(f"pragma table_xinfo({table})").fetchall()
    values = {
        name: _value(table, name, kind.lower(), sql)
        for _, name, kind, _, _, _, hidden in columns
        if not hidden
    }
    names = ", ".join(f'"{name}"' for name in values)
    holes = ", ".join("?" for _ in values)
    raw.execute(f"insert into {table} ({names}) values ({holes})", list(values.values()))
    return {
        word for value in values.values() for word in re.findall(rf"{WORD}[a-z_-]*", str(value))
    }


def _value(table: str, column: str, kind: str, sql: str) -> Any:
    if f"{table}.{column}" in OTHERWISE:
        return OTHERWISE[f"{table}.{column}"]
    if "int" in kind or kind == "real":
        return 1
    if _TIME.search(column):
        return timestamp()
    known = re.search(
        rf"\b{column} (?:text )?(?:not null )?(?:check \({column} )?in\s*\(([^)]*)\)", sql
    )
    if known:
        states = re.findall(r"'([^']*)'", known[1])
        return "failed" if "failed" in states else states[-1]
    text = f"{WORD}-{table}-{column}"
    return text.encode() if kind == "blob" else text
