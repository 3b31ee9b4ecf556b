"""Pages for engineers: the API reference and the catalogue of every no. Generated from the code."""
