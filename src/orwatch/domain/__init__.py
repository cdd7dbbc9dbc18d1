"""What every number means, as pure functions over frozen records: no clock, no I/O."""
