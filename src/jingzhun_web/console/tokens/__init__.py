"""One's own tokens, with which programs act as oneself through the API."""
