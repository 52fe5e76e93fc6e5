"""The data standard: tables, codes, identity numbers and divisions, each declared once."""
