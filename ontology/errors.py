"""The one base of errors that are told to whoever caused them."""


class Explained(Exception):
    """Something that can't be done as it was asked; the message says what to do. Any other exception is a defect."""
