"""C4-04 to C4-06: one application at the counter, from the papers on the desk to the slip."""
