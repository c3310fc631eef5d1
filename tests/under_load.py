"""What a service does while something heavy is asked of it: how fast it says that it is alive, and how much memory its workers take."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx
import psutil


@dataclass(slots=True)
class UnderLoad:
    """What was seen: seconds that each look at the service took, and the most memory of one worker in bytes."""

    looks: list[float] = field(default_factory=list)
    peak: int = 0

    def was_answered(self, held: float) -> bool:
        """Whether everything else was answered meanwhile.

        A query that holds the service would hold every look for as long as it runs. One look may be slow by itself: the service is in
        this very process, which pauses now and then to collect what all tests before have left.

        :param held: seconds that the query was let run
        """
        slowest, *others = sorted(self.looks, reverse=True)
        return slowest < held and all(look < held / 2 for look in others)


@contextmanager
def under_load(url: str, workers: Callable[[], Iterable[int]]) -> Iterator[UnderLoad]:
    """Look at a service and its workers as long as the block runs.

    :param workers: gives the processes' ids
    """
    seen, done = UnderLoad(), threading.Event()

    def look() -> None:
        with httpx.Client(base_url=url) as client:
            while not done.is_set():
                began = time.monotonic()
                assert client.get("/healthz").status_code == 200
                seen.looks.append(time.monotonic() - began)
                time.sleep(0.1)

    def weigh() -> None:
        while not done.is_set():
            for pid in workers():
                with suppress(psutil.NoSuchProcess):
                    seen.peak = max(seen.peak, psutil.Process(pid).memory_info().rss)
            time.sleep(0.05)

    with ThreadPoolExecutor(2) as pool:
        watching = [pool.submit(work) for work in (look, weigh)]
        try:
            yield seen
        finally:
            done.set()
        for one in watching:
            one.result()
