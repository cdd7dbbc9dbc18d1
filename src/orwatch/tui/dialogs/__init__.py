"""Dialogs over the dashboard: each takes what it needs, and is dismissed with a typed result."""
