"""The scripts that complete commands in shells, written by `shell/write.py`."""
