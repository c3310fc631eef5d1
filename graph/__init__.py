"""The graph: statements → links → resolve → views → questions → answer, in layers of that order."""
