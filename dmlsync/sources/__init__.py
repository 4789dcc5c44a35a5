"""Services that know records, one module each, behind the port in `base`."""
