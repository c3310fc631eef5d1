"""The commands of ``ketnoi``, by what they do."""
