"""What is shown of a market, as frozen records without wording: `core.views` makes them, `present` and the panes draw them."""
