"""The stream's decoder: events come out whole, wherever the bytes were cut."""

import pytest

from tests.static.browserless import STATIC, node_needed, run

pytestmark = node_needed

DECODE = f"""
const {{ Decoder }} = await import("{STATIC}/shared/sse.js");
const decode = (pieces) => {{
  const decoder = new Decoder();
  return pieces.flatMap((piece) => decoder.push(piece));
}};
const bytes = (text) => new TextEncoder().encode(text);
"""


def test_every_cut_of_a_stream_gives_the_same_events():
    """All cuts in two, and all bytes alone: inside an event, a letter, a CRLF."""
    script = (
        DECODE
        + r"""
      const token = 'event: token\r\ndata: {"text": "ação 😀"}\r\n\r\n';
      const whole = bytes(token + ': beat\r\n\r\nevent: done\r\ndata: {}\r\n\r\n');
      const alone = decode([...whole].map((one) => new Uint8Array([one])));
      const halves = [...whole.keys()].map((at) => decode([whole.slice(0, at), whole.slice(at)]));
      give([...new Set([alone, ...halves].map((one) => JSON.stringify(one)))].map(JSON.parse));
    """
    )

    assert run(script) == [
        [{"event": "token", "data": '{"text": "ação 😀"}'}, {"event": "done", "data": "{}"}]
    ]


@pytest.mark.parametrize("end", ["\\n", "\\r\\n", "\\r"])
def test_lines_may_end_in_any_of_three_ways(end: str):
    script = DECODE + f'give(decode([bytes("event: a{end}data: 1{end}{end}"), bytes("x")]));'

    assert run(script) == [{"event": "a", "data": "1"}]


def test_several_data_lines_are_one_text():
    script = DECODE + r'give(decode([bytes("data: one\ndata:two\n\n")]));'

    assert run(script) == [{"event": "message", "data": "one\ntwo"}]


def test_a_heartbeat_is_silence():
    assert run(DECODE + r'give(decode([bytes(": alive\r\n\r\n:\r\n\r\n")]));') == []


def test_an_event_that_the_connection_cut_short_is_dropped():
    script = DECODE + r'give(decode([bytes("event: done\r\ndata: {\"half\": tr")]));'

    assert run(script) == []


def test_the_name_of_an_event_does_not_outlive_it():
    script = DECODE + r'give(decode([bytes("event: a\ndata: 1\n\ndata: 2\n\n")]));'

    assert [event["event"] for event in run(script)] == ["a", "message"]
