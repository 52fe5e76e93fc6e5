"""What only whoever runs the machine does: start and stop, check, back up, restore."""
