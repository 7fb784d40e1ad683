"""What left this server is counted by day, and by nothing that could hold a name."""

from datetime import UTC, datetime, timedelta

from appliance import outgoing


def test_requests_are_counted_by_day_origin_and_purpose(database) -> None:
    for _ in range(3):
        outgoing.record(database, "https://a.test", "pull")
    outgoing.record(database, "https://a.test", "generate")

    counted = {(row.purpose, row.requests) for row in outgoing.entries(database)}

    assert counted == {("pull", 3), ("generate", 1)}
    assert outgoing.entries(database)[0].day == datetime.now(UTC).date().isoformat()


def test_thirty_days_are_shown_and_four_hundred_kept(database) -> None:
    def on(days_ago: int) -> None:
        day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
        with database.write() as db:
            db.run(
                """
                insert into outgoing (day, origin, purpose, requests, last_at)
                values (:day, 'https://old.test', 'pull', 1, :day)
                """,
                {"day": day},
            )

    on(40)
    on(500)
    outgoing.record(database, "https://a.test", "pull")

    assert [row.origin for row in outgoing.entries(database)] == ["https://a.test"]
    assert len(outgoing.entries(database, days=1000)) == 2


def test_what_was_kept_back_is_counted_beside_what_was_sent(database) -> None:
    outgoing.record(database, "https://a.test", "crawl")
    for _ in range(2):
        outgoing.refuse(database, "https://a.test", "crawl")
    outgoing.refuse(database, "https://b.test", "crawl")

    counted = {(row.origin, row.requests, row.refused) for row in outgoing.entries(database)}

    assert counted == {("https://a.test", 1, 2), ("https://b.test", 0, 1)}


def test_contacts_are_summed_over_the_days_with_the_first_and_the_last(database) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    with database.write() as db:
        db.run(
            """
            insert into outgoing (day, origin, purpose, requests, refused, first_at, last_at)
            values (:day, 'https://a.test', 'pull', 4, 1, :at, :at)
            """,
            {"day": yesterday[:10], "at": yesterday},
        )
    outgoing.record(database, "https://a.test", "pull")

    (contact,) = outgoing.contacts(database)

    assert (contact.requests, contact.refused, contact.first_at) == (5, 1, yesterday)
    assert contact.last_at > yesterday
