"""The internal checks of a register."""
