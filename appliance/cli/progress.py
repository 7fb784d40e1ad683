"""How far a long command is: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from appliance.jobs.download import Told

EVERY_SECONDS = 10.0  # where there is no terminal to draw a bar on


@contextmanager
def shown(*, hidden: bool) -> Iterator[Told]:
    """What to tell of bytes, on standard error; nothing is shown where JSON is wanted."""
    drawn = not hidden and sys.stderr.isatty()
    told_at = time.monotonic()

    def told(done: int, total: int) -> None:
        nonlocal told_at
        if bar is not None:
            bar.length = total or None
            bar.update(done - bar.pos)
        elif not hidden and time.monotonic() - told_at >= EVERY_SECONDS:
            told_at = time.monotonic()
            click.echo(f"{done >> 20} / {total >> 20} MB", err=True)

    if not drawn:
        bar = None
        yield told
        return
    with click.progressbar(length=1, file=sys.stderr, show_eta=True) as bar:
        yield told
