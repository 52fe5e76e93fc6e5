"""Who did what, when, to whom and why: append-only, each entry chained to the one before by its hash."""
