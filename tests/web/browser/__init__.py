"""The platform as people see it: a real Chromium on a running demo."""
