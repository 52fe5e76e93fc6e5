"""Lists, search and pages of household archives."""
