"""The tables, one module each: its columns, its facts for programs, its report, and the sentence of a row."""
