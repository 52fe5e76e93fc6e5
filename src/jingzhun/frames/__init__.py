"""Workspaces, partitions and engines: the only package that touches a data-frame engine."""
