"""Screens: daily."""
