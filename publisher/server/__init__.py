"""The preview: a publication built anew with every change, and served as a real server would.

`moving` gives it the address of the preview, `workshop` builds it in a process of its own, `store` keeps what was built,
`kinds` knows what each file is, `asking` reads requests, `answers` answers them, `hosts` finds addresses that others on the network can
ask, `pages` adds to pages what is only for the editor: the drawer, which `drawer`, `graph` and `extracts` fill. `app` puts the answers
together, `running` keeps all of it going.
"""
