"""The formats in which tables arrive: how each is told by its content, opened and read into rows."""
