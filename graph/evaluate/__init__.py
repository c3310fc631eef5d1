"""Evaluations: quality against a gold file, with the baselines in the same run."""
