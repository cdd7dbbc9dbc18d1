"""orwatch: the terminal monitor for the market of AI models."""

__version__ = "0.1.0"
