"""SQLite as the house uses it: whole transactions, migrations once, many threads."""

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest

from appliance.database import KEPT, Database, _statements


def put(db, name, value="1"):
    db.run("insert into facts (name, value) values (:name, :value)", {"name": name, "value": value})


def names(database):
    return [row["name"] for row in database.rows("select name from facts order by name")]


def test_what_a_write_block_did_is_there_after_it(database):
    with database.write() as db:
        put(db, "a")
        put(db, "b")

    assert names(database) == ["a", "b"]


def test_a_write_block_that_fails_leaves_nothing_behind(database):
    with pytest.raises(RuntimeError), database.write() as db:
        put(db, "a")
        raise RuntimeError

    assert names(database) == []


def test_a_write_inside_a_write_is_one_transaction(database):
    with pytest.raises(RuntimeError), database.write() as outer:
        put(outer, "a")
        with database.write() as inner:
            put(inner, "b")
        raise RuntimeError

    assert names(database) == []


def test_a_reader_sees_nothing_of_a_write_that_is_not_committed(database):
    seen = []

    def read():
        seen.append(names(database))

    with database.write() as db:
        put(db, "a")
        reader = threading.Thread(target=read)
        reader.start()
        reader.join()

    assert seen == [[]]


def test_many_threads_write_one_after_the_other(database):
    def write(thread):
        for n in range(10):
            with database.write() as db:
                put(db, f"{thread}-{n}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names(database)) == 40


def test_two_hundred_threads_that_wait_for_something_else_hold_no_connection(database):
    enough, read = threading.Event(), threading.Barrier(201)

    def reads_and_waits():
        names(database)
        read.wait(60)
        enough.wait(60)

    threads = [threading.Thread(target=reads_and_waits) for _ in range(200)]
    for thread in threads:
        thread.start()
    read.wait(60)
    held = open_files(database)
    enough.set()
    for thread in threads:
        thread.join()

    # Each has the file, its log and their index; SQLite keeps a file that is closed while
    # another connection has a lock on it until that lock is gone.
    assert held < 2 * 3 * KEPT


def test_what_is_read_within_a_transaction_is_what_it_wrote(database):
    with database.write() as db:
        put(db, "a")
        assert names(database) == ["a"]


def test_an_answer_that_ends_after_the_files_were_closed_is_kept_and_leaves_none_open(database):
    database.close()

    with database.write() as db:
        put(db, "a")

    assert names(database) == ["a"]
    assert open_files(database) == 0


def open_files(database):
    """How many descriptors of this process lead to the file, its log or their index."""
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the folder's own, gone by now
            found += str(link.readlink()).startswith(str(database.path))
    return found


def test_another_process_that_writes_is_waited_for(database):
    other = sqlite3.connect(database.path, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    threading.Timer(0.3, lambda: other.execute("commit")).start()

    with database.write() as db:
        put(db, "a")

    other.close()
    assert names(database) == ["a"]


def test_a_database_is_safe_against_a_power_cut_and_closed_to_others(database):
    row = database.row("pragma synchronous")
    mode = database.row("pragma journal_mode")
    keys = database.row("pragma foreign_keys")

    assert (row, mode, keys) == ({"synchronous": 2}, {"journal_mode": "wal"}, {"foreign_keys": 1})
    assert database.path.stat().st_mode & 0o077 == 0


def test_a_fleeting_write_is_whole_and_leaves_the_next_one_safe_again(database):
    with pytest.raises(RuntimeError), database.write(fleeting=True) as db:
        put(db, "a")
        raise RuntimeError
    with database.write(fleeting=True) as db:
        put(db, "b")
        during = db.row("pragma synchronous")

    assert names(database) == ["b"]
    assert (during, database.row("pragma synchronous")) == ({"synchronous": 1}, {"synchronous": 2})


def test_migrations_run_once_and_keep_what_is_there(tmp_path):
    for _ in range(2):
        database = Database(tmp_path / "appliance.db")
        database.migrate()
        with database.write() as db:
            db.run("insert or ignore into facts (name, value) values ('a', '1')")
        assert names(database) == ["a"]
        database.close()


def test_two_processes_that_start_together_migrate_once(tmp_path):
    databases = [Database(tmp_path / "appliance.db") for _ in range(3)]
    threads = [threading.Thread(target=one.migrate) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert names(databases[0]) == []
    for one in databases:
        one.close()


def test_a_trigger_is_one_statement():
    script = """
    create table a (b); -- a comment; with a semicolon
    create trigger c after insert on a begin
        delete from a; insert into a values (1);
    end;
    """

    assert [statement.strip()[:12] for statement in _statements(script) if statement.strip()] == [
        "create table",
        "create trigg",
    ]


def test_a_row_that_is_not_there_is_none(database):
    assert database.row("select * from facts where name = 'nobody'") is None


def fill_up(database):
    """Let the file grow no further, as on a full disk."""
    with database.connection() as db:
        (pages,) = db.conn.execute("pragma page_count").fetchone()
        db.conn.execute(f"pragma max_page_count = {pages}")


def test_a_write_that_fills_the_disk_says_so_and_leaves_nothing_behind(database):
    fill_up(database)

    with pytest.raises(sqlite3.OperationalError, match="is full"), database.write() as db:
        put(db, "a", "x" * 1_000_000)

    assert names(database) == []
    with database.write() as db:
        put(db, "b")
    assert names(database) == ["b"]


def test_the_reserve_takes_what_is_written_where_nothing_more_fits(database):
    database.reserve(1 << 20)
    fill_up(database)

    with database.write() as db:
        for number in range(100):
            put(db, str(number), "x" * 5000)

    assert len(names(database)) == 100


def test_a_reserve_that_is_there_is_not_written_again(database):
    database.reserve()
    before = database.log_bytes()

    database.reserve()

    assert before > 8 << 20
    assert database.log_bytes() == before


def test_trying_to_write_waits_for_nobody(database):
    other = Database(database.path)

    with other.write():
        database.try_writing()

    with database.write():
        thread = threading.Thread(target=database.try_writing)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    other.close()
    (timeout,) = database.rows("pragma busy_timeout")
    assert timeout["timeout"] == 15_000


def test_trying_to_write_raises_what_a_write_would(database):
    with database.connection() as db:
        db.conn.execute("pragma query_only = on")

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.try_writing()
