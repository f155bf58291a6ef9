"""The built-in simulated challenge: in public formats, read like a user's own files."""
