"""Pure text: identifiers and addresses, titles, names, LaTeX. Nothing here does I/O."""
