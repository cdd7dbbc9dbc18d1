"""The only package that knows HTTP: requests, limits, and what the API answers, decoded and cleaned."""
