"""Documents that people write for people: their text, read where nothing that they hold can do harm."""
