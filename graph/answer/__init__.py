"""Answers: the main question, its gates, its score and its explanation."""
