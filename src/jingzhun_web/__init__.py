"""The platform: Django around the engine. It shows, asks and records; it computes no rule."""
