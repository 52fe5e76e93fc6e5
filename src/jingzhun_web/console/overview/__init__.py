"""Figures of areas, as tables and drawn."""
