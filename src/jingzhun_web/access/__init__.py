"""Accounts, roles and grants. One place answers "may they do this at all"; the database, "on which rows"."""
