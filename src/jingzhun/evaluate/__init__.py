"""Precise evaluation: exit profiles over households, villages and counties, explained."""
