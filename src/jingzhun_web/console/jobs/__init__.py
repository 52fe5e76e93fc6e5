"""Long work: what runs, and how it ended."""
