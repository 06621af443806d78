"""Reports: figures made of what was entered, each of which opens the records behind it (reports.md)."""
