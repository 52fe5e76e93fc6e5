"""From a raw batch to accepted rows and rejected rows with reasons, and the internal logic checks."""
