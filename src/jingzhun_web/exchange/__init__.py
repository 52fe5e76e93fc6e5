"""Data across the border: imports in, deliveries of other departments, snapshots out to the engine."""
