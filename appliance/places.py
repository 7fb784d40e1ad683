"""Where the product's own files are: the browser's, and the models' catalogue.

In a checkout they lie at the top level, ``static/`` and ``models/``; the installed
package brings them inside, as ``appliance/static`` and ``appliance/catalogue``
(``pyproject.toml`` maps them). Of the data folder only names stand here; nothing looks into it.
"""

from pathlib import Path

HOUSE = Path(__file__).parent
# In the data folder: the database before an upgrade, what came after one that was undone, and
# where both are made.
SNAPSHOTS, ROLLED_BACK, UPGRADING = "snapshots", "rolled-back-", ".upgrading"


def static_folder() -> Path:
    """The folder that holds ``console/``, ``widget/``, ``shared/`` and ``vendor/``.

    Raises ``FileNotFoundError`` where neither place has it: the copy is incomplete.
    """
    return _first(HOUSE / "static", HOUSE.parent / "static")


def catalogue_folder() -> Path:
    """The folder that holds ``catalogue.toml``.

    Raises ``FileNotFoundError`` as ``static_folder`` does.
    """
    return catalogue_file().parent


def catalogue_file() -> Path:
    """The list of models this product knows.

    Raises ``FileNotFoundError`` as ``static_folder`` does.
    """
    return _first(
        HOUSE / "catalogue" / "catalogue.toml", HOUSE.parent / "models" / "catalogue.toml"
    )


def samples_folder() -> Path:
    """The sample documents, which only a checkout has.

    Raises ``FileNotFoundError`` in an installed copy.
    """
    return _first(HOUSE.parent / "installer" / "samples")


def _first(*places: Path) -> Path:
    for place in places:
        if place.exists():
            return place
    tried = " nor ".join(str(place) for place in places)
    raise FileNotFoundError(f"This copy of Balcão is incomplete: neither {tried} is there.")
