"""Findings of cross-checks: the queue, one finding with its acts, and how good the rules are."""
