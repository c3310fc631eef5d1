"""``make bench``."""

from tests.benchmarks import cypher_throughput, real_load, sparql_throughput

if __name__ == "__main__":
    real_load.main()
    sparql_throughput.main()
    cypher_throughput.main()
