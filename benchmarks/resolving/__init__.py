"""Facts, printed entries and judgements for `benchmarks/resolve.py`."""
