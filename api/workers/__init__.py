"""Visitors' queries run in processes that can be killed: the pool of them, how they talk, and who notices that a client left."""
