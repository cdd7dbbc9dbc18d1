"""The command line: one function a command. It gives a `Report`, plain lines, or an exit code; `emit` writes reports.

parser          options and commands, declared once; the help
session         settings, source, query and filter of one run
output, emit    standard output and standard error; a report as text
events          what happens while a command waits: polls, signals, lines that are typed
the rest        commands, by their names

`--help` loads the parser alone; a command's module is loaded when it runs.
"""
