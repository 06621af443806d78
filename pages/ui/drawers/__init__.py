"""Drawers that open over several screens: planning, assigning, answering, reviewing."""
