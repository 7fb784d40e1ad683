"""The facts table: one row for each thing that is true of this installation.

A fact is a short text under a name ("organization", "setup_code" …). Each name has
one module that writes it; reading is for everyone.
"""

from appliance.database import Database, Writer


def get(database: Database, name: str) -> str | None:
    """The value of a fact, or None when it was never set."""
    row = database.row("select value from facts where name = :name", {"name": name})
    return str(row["value"]) if row else None


def put(writer: Writer, name: str, value: str) -> None:
    """Set a fact, whether or not it was set before."""
    writer.run(
        """
        insert into facts (name, value) values (:name, :value)
        on conflict (name) do update set value = excluded.value
        """,
        {"name": name, "value": value},
    )


def remove(writer: Writer, name: str) -> None:
    """Forget a fact; one that is not there is no error."""
    writer.run("delete from facts where name = :name", {"name": name})
