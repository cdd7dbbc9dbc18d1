"""Alerts: what happened to a lead, as pure functions of the record, one family of rules a module."""
