"""Prints a quick run of the benchmarks beside this file's folder; it judges nothing, and a failure fails nothing."""

import runpy
import sys
import traceback

sys.argv = ["benchmarks", "--quick", *sys.argv[1:]]
try:
    runpy.run_module("benchmarks", run_name="__main__", alter_sys=True)
except Exception:
    traceback.print_exc()
