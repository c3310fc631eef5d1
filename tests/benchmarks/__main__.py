"""``make bench``."""

from tests.benchmarks.real_load import main

if __name__ == "__main__":
    main()
