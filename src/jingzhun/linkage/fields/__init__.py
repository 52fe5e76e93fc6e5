"""Fields of two tables made ready to be compared, by what their values are."""
