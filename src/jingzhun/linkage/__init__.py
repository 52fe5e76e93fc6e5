"""People across registers: who of one table is who of another, with the evidence."""
