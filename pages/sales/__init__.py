"""Screens: sales."""
