"""Evaluation runs of the engine, and the exit of households, which persons decide."""
