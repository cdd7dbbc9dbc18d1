"""What is shown of the market: frozen records without wording, which `core.views` makes and panes and commands draw."""
