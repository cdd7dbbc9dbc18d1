"""Prints a quick run of the benchmarks beside this file's folder; it judges nothing, and a failure fails nothing."""

import runpy
import sys
import traceback

# Start-up and filter; the whole table takes minutes: `python -m benchmarks`.
sys.argv = ["benchmarks", "--quick", *(sys.argv[1:] or ["start", "paint", "filter"])]
try:
    runpy.run_module("benchmarks", run_name="__main__", alter_sys=True)
except Exception:
    traceback.print_exc()
