"""From an entry of a reading list to the record of its work.

`engine.resolve` asks the sources and decides, `works.group` makes one work of the entries that mean it. The rules
are pure and stand apart: `match` (is this candidate it?), `versions` (which version is meant?), `combine` (one record
of many), `venues` (how conferences and journals are called).
"""
