"""The newsstand: all that is published beside the articles themselves, so that people and programs find these.

`plan` decides which pages, lists and feeds there are, and at which addresses; each other module writes one kind of them.
"""
