"""Archives: households and their members, year by year, with full history."""
