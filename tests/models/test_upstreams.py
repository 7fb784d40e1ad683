"""A site's own servers: several addresses, of which those that are well get the questions."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from appliance.errors import Unavailable
from appliance.models import Prompt, Sampling, Turn
from appliance.models.remote import EngineGenerator, EngineWriting, Used
from appliance.models.upstreams import SiteChat, Upstreams
from appliance.net import Gate
from tests.elsewhere import Provider, closed, provider

QUESTION = Prompt(
    system="Responda.",
    turns=(
        Turn(role="user", text="Oi"),
        Turn(role="assistant", text="Olá"),
        Turn(role="user", text="Quanto é a multa?"),
    ),
)
SAID = ["A multa", " é de", " R$ 1,50", " por dia."]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Room:
    """An engine of several addresses, and what its questions come to."""

    def __init__(self, *addresses: str, key: str = "") -> None:
        self.clock = Clock()
        self.upstreams = Upstreams(addresses, clock=self.clock)
        opened = frozenset(address.removesuffix("/v1") for address in addresses)
        gate = Gate(purpose="generate", opened=opened, within=True, record=lambda *_: None)
        self.chat = SiteChat("Sala 2", "mistral", key, self.upstreams, gate)

    def ask(self, **sampling: Any) -> EngineWriting:
        generator = EngineGenerator("mistral", 8192, self.chat.stream, left=lambda: False)
        return generator.generate(QUESTION, Sampling(**sampling))

    def refused(self) -> Unavailable:
        with pytest.raises(Unavailable) as failed:
            list(self.ask())
        return failed.value

    @property
    def states(self) -> list[str]:
        return [one.state for one in self.upstreams.every]


@pytest.fixture
def one() -> Iterator[Provider]:
    with provider() as server:
        yield server


@pytest.fixture
def two() -> Iterator[Provider]:
    with provider() as server:
        yield server


def test_an_answer_comes_word_by_word_with_what_it_cost(one) -> None:
    answer = Room(one.origin).ask()

    assert list(answer) == SAID
    assert answer.done == Used(70, 9)


def test_an_answer_that_came_to_the_limit_of_tokens_says_so(one) -> None:
    one.cut = True
    answer = Room(one.origin).ask(max_tokens=9)
    list(answer)

    assert answer.done == Used(70, 9, "length")


def test_the_request_is_what_openai_s_protocol_says(one) -> None:
    list(Room(f"{one.origin}/v1", key="sk-1").ask(max_tokens=7, seed=3, stop=("\n",)))

    (path, headers, body) = one.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == "Bearer sk-1"
    assert body == {
        "model": "mistral",
        "messages": [
            {"role": "system", "content": "Responda."},
            {"role": "user", "content": "Oi"},
            {"role": "assistant", "content": "Olá"},
            {"role": "user", "content": "Quanto é a multa?"},
        ],
        "max_tokens": 7,
        "temperature": 0.0,
        "seed": 3,
        "stop": ["\n"],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_server_without_a_key_is_sent_none(one) -> None:
    list(Room(one.origin).ask())

    assert "authorization" not in one.asked[0][1]


def test_an_address_that_is_down_is_passed_over(one) -> None:
    room = Room(closed(), one.origin)

    assert list(room.ask()) == SAID
    assert room.states == ["down", "up"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_cannot_answer_now_leaves_it_to_the_next(one, two, status) -> None:
    one.statuses = [status]
    room = Room(one.origin, two.origin)

    assert list(room.ask()) == SAID
    assert room.states == ["down", "up"]


def test_a_server_that_talks_nonsense_leaves_it_to_the_next(one, two) -> None:
    one.garbage = b"data: {{{\n\n"

    assert list(Room(one.origin, two.origin).ask()) == SAID


def test_while_one_rests_it_is_not_asked_again(one, two) -> None:
    one.statuses = [500]
    room = Room(one.origin, two.origin)

    list(room.ask())
    list(room.ask())

    assert (len(one.asked), len(two.asked)) == (1, 2)


def test_one_that_has_rested_is_asked_how_it_is_before_it_gets_a_question(one, two) -> None:
    one.statuses, one.well = [500], False
    two.statuses = [500]
    room = Room(one.origin, two.origin)
    room.refused()
    room.clock.now += 1.5

    assert list(room.ask()) == SAID

    assert [path for path, _, _ in one.asked] == ["/v1/chat/completions", "/v1/models"]
    assert room.states == ["down", "up"]


def test_one_that_came_back_gets_questions_again(one) -> None:
    one.statuses = [500]
    room = Room(one.origin)
    room.refused()
    room.clock.now += 1.5

    assert list(room.ask()) == SAID
    assert room.states == ["up"]


def test_who_fails_again_rests_longer_up_to_a_minute(one) -> None:
    one.statuses = [500] * 20
    room = Room(one.origin)
    rests = []

    for _ in range(8):
        room.refused()
        rested = 0
        while room.upstreams.every[0].rests:
            room.clock.now += 1
            rested += 1
        rests.append(rested)

    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]


def test_who_says_how_long_to_wait_is_left_alone_for_so_long(one) -> None:
    one.statuses, one.headers = [429], {"Retry-After": "30"}
    room = Room(one.origin)

    refused = room.refused()

    assert (refused.code, refused.retry_after) == ("engine_crowded", 30)
    room.clock.now += 29
    assert room.upstreams.every[0].rests


def test_where_all_are_down_it_is_said_without_asking_them_again() -> None:
    room = Room(closed(), closed())

    assert room.refused().code == "engine_unreachable"
    again = room.refused()

    assert (again.code, again.status) == ("engine_unreachable", 503)
    assert "Sala 2" in str(again)


@pytest.mark.parametrize(("status", "code"), [(401, "engine_key_refused"), (400, "engine_refuses")])
def test_what_another_address_would_say_as_well_is_not_tried_there(one, two, status, code) -> None:
    one.statuses = [status]

    assert Room(one.origin, two.origin, key="sk-1").refused().code == code
    assert two.asked == []


def test_a_busy_server_is_spared_while_another_is_idle(one, two) -> None:
    one.hold = threading.Event()
    room = Room(one.origin, two.origin)
    first = room.ask()
    threads = [threading.Thread(target=lambda: list(first))]
    threads[0].start()
    while not one.questions:
        threads[0].join(0.01)

    assert list(room.ask()) == SAID

    one.hold.set()
    threads[0].join()
    assert (len(one.questions), len(two.questions)) == (1, 1)


def test_after_the_first_word_nobody_else_goes_on(one, two) -> None:
    one.breaks_after = 2
    room = Room(one.origin, two.origin)
    answer = room.ask()

    assert [next(answer), next(answer)] == SAID[:2]
    with pytest.raises(Unavailable) as broke:
        next(answer)
    assert broke.value.code == "engine_broke_off"
    assert two.asked == []


def test_an_answer_that_stops_without_an_end_was_broken_off(one) -> None:
    one.garbage = b'data: {"choices": [{"delta": {"content": "A multa"}}]}\n\n'
    answer = Room(one.origin).ask()

    assert next(answer) == "A multa"
    with pytest.raises(Unavailable, match="broke off"):
        next(answer)


def test_an_error_in_the_middle_of_the_stream_is_no_end(one) -> None:
    one.garbage = b'data: {"error": {"message": "out of memory, sk-1"}}\n\n'

    assert Room(one.origin, key="sk-1").refused().code == "engine_broke_off"


def test_what_is_no_stream_is_no_answer(one) -> None:
    one.garbage = b"<html>Welcome</html>"

    assert Room(one.origin).refused().code == "engine_broke_off"


def test_leaving_before_the_first_word_closes_the_connection(one) -> None:
    one.hold = threading.Event()
    answer = Room(one.origin).ask()
    while not one.questions:
        one.left.wait(0.01)

    answer.close()

    assert one.left.wait(5)
    assert list(answer) == []


def test_leaving_in_the_middle_closes_the_connection(one) -> None:
    one.hold, one.held_after = threading.Event(), 1
    room = Room(one.origin)
    answer = room.ask()
    assert next(answer) == SAID[0]

    answer.close()

    assert one.left.wait(5)
    while room.upstreams.every[0].active:
        one.left.wait(0.01)
    assert room.states == ["unknown"]


def test_a_redirect_to_another_server_is_not_followed(one, two) -> None:
    one.goes_on_at = two.origin

    refused = Room(one.origin, key="sk-1").refused()

    assert (refused.code, refused.status) == ("host_not_open", 503)
    assert two.asked == []


def test_a_look_asks_every_address(one, two) -> None:
    two.well = False
    with ExitStack():
        room = Room(one.origin, two.origin, closed())
        asyncio.run(room.chat.look())

    assert room.states == ["up", "down", "down"]
    assert one.questions == two.questions == []
