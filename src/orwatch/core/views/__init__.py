"""What is shown of a market: a module here makes the record that `domain` has of its subject, of a Market and a Query."""
