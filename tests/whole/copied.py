"""A copy of the product with another catalogue, for an appliance that runs from it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from appliance.places import HOUSE, catalogue_file, static_folder


def copied(folder: Path, change: Callable[[str], str]) -> Path:
    """The product in ``folder``, its catalogue as ``change`` makes it of the real one."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "catalogue")
    shutil.copytree(HOUSE, folder / "appliance", ignore=ignored)
    (folder / "static").symlink_to(static_folder())
    (folder / "appliance" / "catalogue").mkdir()
    listed = change(catalogue_file().read_text("utf-8"))
    (folder / "appliance" / "catalogue" / "catalogue.toml").write_text(listed)
    return folder
