"""Linking people: our cascade, joins, and Splink 5 on the same files, in one run."""
