"""What tables and charts show, as plain frozen records."""
