"""How alerts reach somebody: one module a channel, and `registry`, which lists them."""
