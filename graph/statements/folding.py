"""The folding of text in DuckDB, for what is too much to be read into Python."""


def folded(expression: str) -> str:
    """SQL that folds a text as :func:`ontology.text.fold` does, but for letters that no accent makes, and punctuation.

    :param expression: SQL of a text
    """
    return f"strip_accents(lower(replace(replace({expression}, 'đ', 'd'), 'Đ', 'd')))"
