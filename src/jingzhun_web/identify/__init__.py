"""Identification of poor households: from the application to the announcement."""
