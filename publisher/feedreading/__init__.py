"""How other people's feeds are read: RSS of every version, Atom 0.3 and 1.0, JSON Feed, and what they are broken by.

Our own feeds need none of it: `is_ours` tells them apart, and they are read by their format alone.
"""
