"""Setting a project up: the lists in a folder, what a key opens, and the configuration that comes of it.

`finding` looks around in the folder; `config_text` says what `config.toml` holds; `setup` decides and writes.
"""
