"""The only package that knows SQLite: one cache file for each origin."""
