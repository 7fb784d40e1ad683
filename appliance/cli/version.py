"""``appliance version``."""

import click

from appliance import __version__
from appliance.cli.parts import show
from appliance.cli.terminal import as_json


@click.command()
@as_json
def version(as_json: bool) -> None:
    """Print the version."""
    show({"version": __version__}, as_json, lambda: click.echo(__version__))
