"""Results as pages and tables for people."""
