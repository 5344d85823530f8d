"""Machines side by side, and the counting of what came of them."""

import os
import threading

from . import STATUS_SKIPPED

MACHINES = 2  # at a time


class Results:
    """Counts and prints, a line a check; several machines report to one."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.lock = threading.Lock()

    def add(self, name, reason=None):
        with self.lock:
            self.failed += reason is not None
            self.passed += reason is None
            print(f"{'ok' if reason is None else 'not ok'} - {name}", flush=True)
            if reason is not None:
                print("\n".join(f"# {line}" for line in reason.splitlines()), flush=True)

    def skip(self, name, reason):
        with self.lock:
            self.skipped += 1
            print(f"ok - {name} # SKIP {reason}", flush=True)

    def summary(self):
        """Prints the last line; the status."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else STATUS_SKIPPED if self.skipped else 0


class Slots:
    """So many machines run at a time, each with a processor of its own."""

    def __init__(self, count=MACHINES):
        allowed = sorted(os.sched_getaffinity(0))
        self.processors = [allowed[i % len(allowed)] for i in range(count)]
        self.free = threading.Semaphore(count)

    def run(self, job):
        """Runs job.run with the number of the processor that its machine gets."""
        with self.free:
            processor = self.processors.pop()
            try:
                job.run(processor)
            finally:
                self.processors.append(processor)


def run_side_by_side(jobs):
    """Runs the jobs, as many at a time as there are slots. However this ends, their machines do."""
    slots = Slots()
    threads = [threading.Thread(target=slots.run, args=(job,), daemon=True) for job in jobs]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for job in jobs:
            job.stop()
