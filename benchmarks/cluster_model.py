"""Predicts windows per second of a cluster of 1 to 10,000 workers from measurements on one machine.

    python benchmarks/cluster_model.py [--window 30]      writes benchmarks/results/cluster_model.json

Every worker inpaints one window after the other; one driver assigns the windows and receives the answers, one at a
time; one store receives the segments. Inputs, all but the store measured by ray_overhead.py:

    window     seconds of work per window; noise: its relative spread (log-normal)
    trip       seconds from an answer to the start of the next window, without the driver's own time
    driver     seconds of the driver per window
    store      megabytes per second that all workers together can write; segment: megabytes per segment
    lifetime   mean hours until a worker is lost (spot machines); its window is repeated

This is a discrete-event simulation of the queues at the driver and at the store.
"""

import argparse
import heapq
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).parent / "results"
WORKERS = (1, 2, 4, 10, 30, 100, 300, 1000, 3000, 10_000)


@dataclass(frozen=True)
class Costs:
    window: float
    noise: float = 0.3
    trip: float = 0.001
    driver: float = 0.001
    segment: float = 2.0
    store: float = 5000.0
    lifetime: float = 24.0


@dataclass(frozen=True)
class Point:
    """per_second: windows; efficiency: relative to workers that never wait; driver, store: utilisation, 0 to 1."""

    workers: int
    per_second: float
    efficiency: float
    driver: float
    store: float
    lost: int


def simulate(costs: Costs, workers: int, windows: int, seed: int = 0) -> Point:
    """Assign, inpaint and store windows until `windows` are done; the window of a lost worker is repeated."""
    random = np.random.default_rng(seed)
    spread = np.sqrt(np.log1p(costs.noise**2))
    writing = costs.segment / costs.store
    driver_free = store_free = driver_busy = store_busy = begin = now = 0.0
    lost = done = 0
    first = max(windows // 5, 2 * workers)  # not counted, because all workers ask at once at the start
    waiting = [(0.0, "ask", worker) for worker in range(workers)]
    while done < first + windows:
        now, event, worker = heapq.heappop(waiting)
        if event == "ask":
            driver_free = max(now, driver_free) + costs.driver
            driver_busy += costs.driver
            work = costs.window * float(random.lognormal(-(spread**2) / 2, spread))
            if costs.lifetime and random.random() < work / (3600 * costs.lifetime):
                lost += 1
                work += costs.window * float(random.random())
            heapq.heappush(waiting, (driver_free + costs.trip + work, "write", worker))
        else:
            store_free = max(now, store_free) + writing
            store_busy += writing
            heapq.heappush(waiting, (store_free + costs.trip, "ask", worker))
            done += 1
            if done == first:
                begin, driver_busy, store_busy = now, 0.0, 0.0
    seconds = now - begin
    rate = windows / seconds
    busy = (min(1.0, driver_busy / seconds), min(1.0, store_busy / seconds))
    return Point(workers, rate, rate * costs.window / workers, *busy, lost)


def measured() -> dict[str, float]:
    """Costs from ray_overhead.json: that of the driver, and that of a trip through Ray."""
    found = json.loads((RESULTS / "ray_overhead.json").read_text())
    busiest = max(found["dispatch"], key=lambda point: point["windows_per_second"])
    alone = max(found["alone"], key=lambda point: point["workers"] == 1000)
    slowest = min(found["dispatch"], key=lambda point: point["workers"])
    return {
        "driver": 1 / busiest["windows_per_second"],
        "driver_without_ray": 1 / alone["windows_per_second"],
        "trip": slowest["workers"] / slowest["windows_per_second"] / 2,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=float, nargs="+", default=[1.0, 10.0, 60.0])
    parser.add_argument("--store", type=float, default=5000.0)
    parser.add_argument("--lifetime", type=float, default=24.0)
    options = parser.parse_args()
    inputs = measured()
    tables = {}
    for window in options.window:
        costs = Costs(
            window, trip=inputs["trip"], driver=inputs["driver"], store=options.store, lifetime=options.lifetime
        )
        points = [simulate(costs, workers, max(2000, 6 * workers)) for workers in WORKERS]
        tables[f"{window:g} s"] = {"costs": asdict(costs), "points": [asdict(point) for point in points]}
        print(f"windows of {window:g} s")
        for point in points:
            print(f"  {point.workers:6d} workers {point.per_second:9.1f} per second  {point.efficiency:6.1%}  "
                  f"driver {point.driver:5.1%}  store {point.store:5.1%}")  # fmt: skip
    saturates = {window: next((p["workers"] for p in table["points"] if p["efficiency"] < 0.9), None)
                 for window, table in tables.items()}  # fmt: skip
    result = {"measured": inputs, "below_90_percent_from": saturates, "predicted": tables}
    (RESULTS / "cluster_model.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
