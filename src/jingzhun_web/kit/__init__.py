"""What every part of the platform stands on: settings, database, keys, scope. Knows no domain word."""
