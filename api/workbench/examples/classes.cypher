// How many nodes of each class there are: a class and all above it are labels of its nodes.
MATCH (node:Entity)
UNWIND labels(node) AS class
RETURN class, count(node) AS nodes
ORDER BY nodes DESC
