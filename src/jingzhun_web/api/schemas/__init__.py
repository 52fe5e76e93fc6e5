"""What answers look like, with the meaning and unit of every value."""
