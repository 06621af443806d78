"""Screens: admin."""
