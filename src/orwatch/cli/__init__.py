"""The command line: one function per command; each gives a `Report` (see `orwatch.present.report`), and `output` alone writes it.

parser     options and commands, declared once
usage      help, and the lines that argparse reads
session    settings, source, query and filter of one run
output     the only writer of standard output
models     one model, found by what a user types
table      how people see rows
rankings, alerts, prices, vendors, data, setup, doctor, dashboard: the commands

    The modules of the commands are imported for `--help`, which must come at once: they import what is costly (domain
    records 20 ms, SQLite 10, httpx 70) only where a command runs."""
