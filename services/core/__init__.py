"""What every noun stands on; knows no noun's rules, except access."""
