"""Links: which mentions are one body? The answers are statements too; entities are a pure function of mentions and links."""
