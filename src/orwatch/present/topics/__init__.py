"""What stands beside the rankings: each subject with how it is told as a table, in a sentence, a quote and an explanation."""
