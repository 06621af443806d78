"""Excel exports: what a list or a report shows, in typed cells, within the reader's reach, put on record (EXP-1)."""

from services.exports.tables import Exported, note, of_list, of_table
from services.exports.workbook import MOST_ROWS, Heading

__all__ = ["MOST_ROWS", "Exported", "Heading", "note", "of_list", "of_table"]
