"""Cross-check: the register beside other departments' records; every hit with its evidence, none a verdict."""
