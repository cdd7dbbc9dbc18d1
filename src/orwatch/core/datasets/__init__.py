"""The datasets of the API, one module each: what is due of it, asked for and kept. `registry` lists them."""
