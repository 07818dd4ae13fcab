"""Publisher: one article in, every channel out, and back again."""
