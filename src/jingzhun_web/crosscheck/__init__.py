"""Cross-check runs of the engine, and the work that people do on their findings until they are closed."""
