"""The built-in dataset: published figures, and the API served from them."""
