"""What the suite recorded in the guest, and what it tells of the driver.

The truth is what the unmodified i915 driver printed and what its ioctls
answered. Both are parsed here, by code that shares nothing with vgt-balloon.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path


def read_outcomes(path):
    """What i915 does with each configuration, as the table of them says."""
    lines = Path(path).read_text().splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return {name.strip(): outcome.strip() for name, outcome, _ in rows}


def device_of(report):
    """The vGPU in a JSON report; no guest has another Intel display function."""
    return report["devices"][0]


@dataclass
class Record:
    """One command: its name in the suite, how it ended and what it wrote."""
    step: str
    status: int
    output: str
    errors: str

    @property
    def report(self):
        """The whole of a JSON report."""
        return json.loads(self.output)

    @property
    def device(self):
        """The vGPU in a JSON report."""
        return device_of(self.report)


class Case(dict):
    """The records of a configuration or a scenario, by their steps."""

    def __init__(self, name, outcome):
        super().__init__()
        self.name = name
        self.outcome = outcome  # what the table says that i915 does, if it does

    @property
    def driver(self):
        """What i915 did."""
        return Driver.of(self)

    @property
    def parameters(self):
        """What the device says that it shows."""
        lines = (line.split("=") for line in self["parameters"].output.splitlines())
        return {name: int(value, 0) for name, value in lines}

    @property
    def bars(self):
        """BAR 0 and BAR 2 as the kernel lists them."""
        lines = self["resource"].output.splitlines()
        ranges = {index: [int(n, 16) for n in lines[index].split()] for index in (0, 2)}
        return [{"index": index, "address": start, "size": end - start + 1}
                for index, (start, end, _) in ranges.items()]

    def reports(self):
        """The (phase, backend, record) of the JSON reports around the driver's load."""
        for phase in ("before", "bound", "unbound", "failed"):
            for backend in ("sysfs", "devmem"):
                if record := self.get(f"{phase}.{backend}"):
                    yield phase, backend, record

    def is_readable(self, phase):
        """Whether the page can be read; a driver turns memory decoding on and leaves it so."""
        return self.parameters["bar0_assigned"] and (
            self.parameters["memory_decoding"] or phase != "before")

    def readable_reports(self):
        return (entry for entry in self.reports() if self.is_readable(entry[0]))

    def unreadable_reports(self):
        return (entry for entry in self.reports() if not self.is_readable(entry[0]))


def read_cases(stream, outcomes):
    """The cases in a binary stream of records, each as soon as it is whole."""
    case = None
    for name, record in read_records(stream):
        if case is None or case.name != name:
            if case is not None:
                yield case
            case = Case(name, outcomes.get(name))
        # The loop has many answers of one step.
        case[record.step if record.step not in case else f"{record.step} {len(case)}"] = record
    if case is not None:
        yield case


def read_records(stream):
    """The (case name, record) pairs of a binary stream, up to where it breaks off."""
    while header := stream.readline():
        word, case, step, status, *lengths = header.decode().split()
        if word != "record":
            raise ValueError(f"not a record: {header!r}")
        texts = [stream.read(int(length)).decode(errors="replace") for length in lengths]
        yield case, Record(step, int(status), *texts)


MESSAGE = re.compile(r"<\d+>\[ *[\d.]+\] i915 [0-9a-f:.]+: (?:\[drm\] )?(.*)")
RANGE = re.compile(r"balloon space: range \[ 0x([0-9a-f]+) - 0x([0-9a-f]+) \] (\d+) KiB")
REFUSALS = {
    "support for isolated ppGTT required": "refused-ppgtt",
    "support for HWSP emulation required": "refused-hwsp",
    "Invalid ballooning configuration!": "invalid",
    "Failed to map the ggtt page table": "unmapped",
    # After the balloon.
    "Device initialization failed (-28)": "no-room",
}


@dataclass
class Driver:
    """What i915 did with the function, by its log and its ioctls."""
    outcome: str
    messages: list = field(default_factory=list)
    ranges: list = field(default_factory=list)  # start, end, KiB
    size: int = None
    available: int = None
    fences: int = None

    @property
    def ballooned(self):
        return self.outcome.startswith("ballooned")

    @classmethod
    def of(cls, case):
        """Of a case whose driver log holds one probe."""
        messages = MESSAGE.findall(case["driver.log"].output)
        said = "\n".join(messages)
        driver = cls("unbound" if case["driver"].status else "none", messages)
        if "VGT balloon successfully" in said:
            driver.ranges = [(int(start, 16), int(end, 16), int(kib))
                             for start, end, kib in RANGE.findall(said)]
            driver.outcome = f"ballooned {len(driver.ranges)}"
        for text, outcome in REFUSALS.items():
            if text in said:
                driver.outcome = outcome
        if "gem" in case and case["gem"].status == 0:
            answers = dict(line.split() for line in case["gem"].output.splitlines())
            driver.size = int(answers["size"])
            driver.available = int(answers["available"])
            driver.fences = int(answers["fences"])
        return driver
