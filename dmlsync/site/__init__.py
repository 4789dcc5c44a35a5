"""The browsable page of a library: works in, one self-contained HTML file out. Pure: nothing here reads or writes a
project's files.

`works` turns a catalog into what the page shows of each work, `facets` into what readers filter by, `markup` makes
hostile text harmless, `chart` draws papers per year, `page` puts it together with the style sheet and the scripts in
`assets/`.
"""
