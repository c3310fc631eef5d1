"""``make bench``."""

from tests.benchmarks import (
    case_classes,
    cypher_throughput,
    organisation_linkage,
    pages,
    real_load,
    record_linkage,
    reloading,
    research_transfer,
    sparql_throughput,
    technology_linkage,
    transfer_latency,
)

if __name__ == "__main__":
    real_load.main()
    reloading.main()
    record_linkage.main()
    organisation_linkage.main()
    technology_linkage.main()
    sparql_throughput.main()
    cypher_throughput.main()
    transfer_latency.main()
    pages.main()
    research_transfer.main()
    case_classes.main()
