"""What may be said, as data: the ontology in Turtle, the code that reads it, statements, and the comparing of Vietnamese text.

This package imports nothing of the project; everything else imports it.
"""
