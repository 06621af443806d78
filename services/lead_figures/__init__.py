"""Figures of leads, counted alike by the report and by the list that a figure opens (LEAD-7, ALL-10)."""
