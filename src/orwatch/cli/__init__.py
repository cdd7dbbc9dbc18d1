"""The command line: one function a command, told of in `commands`. It gives a `Report`, plain lines, or an exit code.

command         what a command and an option are; those that draw the screen
commands        every command with its help and its options, declared once
parser          a command line read: argparse, with the options of the command that is named
help            the help of a command, and what completes them in a shell
session         settings, source, query and filter of one run
output, emit    standard output and standard error; a report as text
events          what happens while a command waits: polls, signals, lines that are typed
the rest        commands, as the table names their modules

The dashboard alone loads `command`, `--help` the first four; a command's module is loaded when it runs.
"""
