"""Looking for what is wrong: every cause of failure that is known, each with its remedy.

`finding` is what a check gives, `scene` what it looks at, `checks` the list of all; `here`, `server` and `services`
hold the checks themselves, one small function each.
"""
