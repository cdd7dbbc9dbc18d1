"""The scripts that complete commands in shells, written by `contrib/shell/write.py`."""
