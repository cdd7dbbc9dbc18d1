"""What is shown of a market: a module here makes the record of the same name in `domain.views` of a Market and a Query."""
