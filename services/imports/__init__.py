"""Leads from Excel and CSV: what a file holds, and what each of its rows would come to (LEAD-3)."""

from services.imports.checking import Checked, Checking, check
from services.imports.matching import COLUMNS
from services.imports.reading import read

__all__ = ["COLUMNS", "Checked", "Checking", "check", "read"]
