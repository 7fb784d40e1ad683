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
                "insert into outgoing values (:day, 'https://old.test', 'pull', 1, :day)",
                {"day": day},
            )

    on(40)
    on(500)
    outgoing.record(database, "https://a.test", "pull")

    assert [row.origin for row in outgoing.entries(database)] == ["https://a.test"]
    assert len(outgoing.entries(database, days=1000)) == 2
