"""The shelf of sheets for the tests of this room."""

from tests.answering.tables.shelf import sheets

__all__ = ["sheets"]
