"""Publisher's tests."""
