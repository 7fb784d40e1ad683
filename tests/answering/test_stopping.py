"""A reader who leaves stops the work."""

from appliance.answering.stopping import Stop


def test_what_waits_is_called_once_when_the_reader_leaves() -> None:
    stop, calls = Stop(), []
    stop.then(lambda: calls.append("closed"))

    assert not stop.is_set()
    stop.set()
    stop.set()

    assert stop.is_set()
    assert calls == ["closed"]


def test_work_that_begins_after_the_reader_left_is_stopped_at_once() -> None:
    stop, calls = Stop(), []
    stop.set()

    stop.then(lambda: calls.append("closed"))

    assert calls == ["closed"]
