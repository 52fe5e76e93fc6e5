"""Imports, deliveries of other departments, and agreements with them."""
