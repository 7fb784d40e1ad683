"""Events on their way into the loop."""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace

from appliance.models.post import Post
from appliance.models.wire import Piece


def test_events_of_one_step_wake_the_loop_once() -> None:
    async def posted() -> tuple[int, list[int]]:
        loop = asyncio.get_running_loop()
        wakes = 0

        def wake(deliver: Callable[[], None]) -> None:
            nonlocal wakes
            wakes += 1
            loop.call_soon(deliver)

        post = Post(SimpleNamespace(call_soon_threadsafe=wake))  # type: ignore[arg-type]
        first, second = asyncio.Queue(), asyncio.Queue()  # type: ignore[var-annotated]
        for number in range(3):
            post.send(first, Piece(str(number)))
            post.send(second, Piece(str(number)))
        await asyncio.sleep(0)
        post.send(second, Piece("3"))
        await asyncio.sleep(0)
        return wakes, [first.qsize(), second.qsize()]

    assert asyncio.run(posted()) == (2, [3, 4])


def test_from_many_threads_nothing_is_lost_and_order_is_kept() -> None:
    async def posted() -> list[list[str]]:
        post = Post(asyncio.get_running_loop())
        queues = [asyncio.Queue() for _ in range(4)]  # type: ignore[var-annotated]

        def send(queue: "asyncio.Queue[Piece]") -> None:
            for number in range(200):
                post.send(queue, Piece(str(number)))

        threads = [threading.Thread(target=send, args=(queue,)) for queue in queues]
        for thread in threads:
            thread.start()
        return [[(await queue.get()).text for _ in range(200)] for queue in queues]

    assert asyncio.run(posted()) == [[str(number) for number in range(200)]] * 4
