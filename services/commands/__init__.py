"""What operators can do at the command line: `python -m services --help` (ADM-10)."""
