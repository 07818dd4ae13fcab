"""What RSS and Atom have to keep, both: XML, addresses, dates, the modules, HTML in texts; and what can be repaired.

`feed` is a feed as rules see it, `values` says what is wrong with single values, `repair` changes bytes;
the other modules are rules by subject, whose codes begin with `feed-`.
"""
