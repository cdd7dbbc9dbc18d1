"""Where alerts go: one module for each channel. A channel knows the message and nothing of where it comes from."""
