"""Screens: insight."""
