"""The door for programs: what pages do, as JSON, described at /api/docs."""
