"""Values to text, once, for the command line and the screen."""
