"""Decisions on households: what waits for whom, cases, evaluations, exit sheets."""
