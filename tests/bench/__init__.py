"""Speed, measured: `make bench` builds the large database once and writes docs/performance.md."""
