# What completes orwatch in fish, asked for when it is first needed.
orwatch completion fish | source
