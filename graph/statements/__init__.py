"""The only truth: append-only loads of what source records say."""
