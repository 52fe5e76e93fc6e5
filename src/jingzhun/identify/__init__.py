"""Precise identification: who is poor, how poor, why, and where."""
