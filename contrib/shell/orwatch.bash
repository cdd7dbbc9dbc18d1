# What completes orwatch in bash, asked for when it is first needed.
eval "$(orwatch completion bash)"
