"""How fast: `make bench` runs ours and theirs in turn, on the same articles, and prints a table."""
