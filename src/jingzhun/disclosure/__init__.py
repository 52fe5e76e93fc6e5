"""Disclosure control: whatever becomes public passes here. No figure may tell about a single household."""
