"""How fast orwatch is, each figure beside a yardstick of the same run: `python -m benchmarks [--quick] [NAME …]`."""
