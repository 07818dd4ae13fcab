"""Bytes that break readers and rules, looked for by atheris (coverage-guided): `python -m fuzz`."""
