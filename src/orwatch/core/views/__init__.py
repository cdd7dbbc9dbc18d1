"""What is shown of a market, each a plain frozen value made by a function of a Market and a Query."""
