"""What foreign input can cost: memory and output grow at most linearly with it,
stay below a ceiling, and more than the contract's 64 captures and 64 guests is
refused before it costs anything."""

import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile
import zlib

BINARY = os.environ["VGT_BALLOON"]
CAPTURES = 64  # a file, and guests in all
LOG = pathlib.Path(__file__).parents[2] / "Fixtures/logs/kernel-log-5.14-guest.txt"
PADDING = b"x" * 69 + b"\n"


@dataclasses.dataclass
class Cost:
    """What one run took, and how it ended."""

    status: int
    output: bytes
    messages: str
    kib: int
    seconds: float


def cost(folder, *arguments, enter=()):
    """Runs the tool with arguments, where the command `enter` brings it."""
    result = folder / "time"
    done = subprocess.run(
        [*enter, "time", "--quiet", "--format=%M %U", f"--output={result}", BINARY, *arguments],
        capture_output=True, check=False, cwd=folder, timeout=120)
    kib, seconds = result.read_text().split()
    return Cost(done.returncode, done.stdout, done.stderr.decode(), int(kib), float(seconds))


def captures(report):
    """As many different captures as are asked for, of the one in a report."""
    text = report[report.index(b"vgt-balloon capture:"):].decode()
    lines = [line.strip() for line in text.splitlines()]
    lines = lines[:next(n for n, line in enumerate(lines) if line.startswith("crc32:"))]

    def capture(number):
        # More of them than have room each lie where another does.
        index = number % 128
        words = {
            "address:": f"{number >> 8:04x}:{number & 255:02x}:02.0",
            "0x78008": f"64 0x{number + 1:08x}00000001",
            "0x78040": f"64 0x{1 << 20:08x}{index << 20:08x}",
            "0x78048": f"64 0x{16 << 20:08x}{(256 << 20) + (index << 24):08x}",
        }
        changed = [f"{line.split()[0]} {words.get(line.split()[0], line.split(maxsplit=1)[1])}"
                   for line in lines]
        crc = zlib.crc32("\n".join(changed).encode())
        return "\n".join(["", *changed, f"crc32: 0x{crc:08x}", ""]).encode()

    return lambda count: [capture(number) for number in range(count)]


class Inputs:
    """Makes the files of a case, and the arguments that name them."""

    def __init__(self, folder, report):
        self.folder, self.captures = folder, captures(report)

    def file(self, content, name="input"):
        (self.folder / name).write_bytes(content)
        return [name]

    def in_one(self, count):
        return self.file(b"".join(self.captures(count)))

    def in_many(self, count):
        return [name for index, capture in enumerate(self.captures(count))
                for name in self.file(capture, f"guest-{index}")]

    def padded(self, mebibytes):
        padding = PADDING * ((mebibytes << 20) // len(PADDING) // 2)
        return self.file(padding + self.captures(1)[0] + padding)

    def boots(self, count):
        return self.file(LOG.read_bytes() * count)


def fault(costs, counts, kib):
    """What is wrong with the costs at three sizes. From the second to the third
    each may grow by what the first step promises, and by an eighth for the
    heap's doubling; what is below the room of an idle process does not count."""
    small, middle, large = costs
    steps = (counts[2] - counts[1]) / (counts[1] - counts[0]) * 9 / 8
    reasons = []
    for what, room, values in (
            ("KiB of memory", 4096, [cost.kib for cost in costs]),
            ("bytes of output", 1024, [len(cost.output) for cost in costs])):
        if values[2] - values[1] > steps * (values[1] - values[0]) + room:
            reasons.append(f"{what} at {counts}: {values}")
    if large.kib > kib:
        reasons.append(f"{large.kib} KiB of memory, more than {kib}")
    if {small.status, middle.status, large.status} - {0, 2, 65}:
        reasons.append(f"status {small.status}, {middle.status}, {large.status}")
    if not small.output or large.seconds > 20:
        reasons.append(f"{len(small.output)} bytes, {large.seconds} seconds")
    return "\n".join(reasons) or None


def check(bed, checks):
    report = bed.run([BINARY], capture_output=True).stdout
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        inputs = Inputs(folder, report)
        check_growth(folder, inputs, checks)
        check_refusals(folder, inputs, checks)


def check_growth(folder, inputs, checks):
    few, mebibytes, lines = (1, 16, CAPTURES), (1, 4, 16), (1, 500, 2000)
    # The ceilings are twice what was measured with glibc 2.36.
    for arguments, make, counts, kib in (
            (["--format=text", "--from"], inputs.in_one, few, 20_000),
            (["--format=json", "--from"], inputs.in_one, few, 20_000),
            (["--format=markdown", "--from"], inputs.in_one, few, 20_000),
            (["--format=svg", "--from"], inputs.in_one, few, 20_000),
            (["--format=json", "--from"], inputs.padded, mebibytes, 150_000),
            (["host", "--format=json"], inputs.in_one, few, 20_000),
            (["host", "--format=text"], inputs.in_many, few, 20_000),
            (["host", "--format=json"], inputs.in_many, few, 20_000),
            (["host", "--format=svg"], inputs.in_many, few, 20_000),
            (["host", "--format=json"], inputs.padded, mebibytes, 150_000),
            (["log"], inputs.boots, lines, 22_000),
            (["log", "--format=json"], inputs.boots, lines, 30_000)):
        costs = [cost(folder, *arguments, *make(count)) for count in counts]
        checks.add(f"{' '.join(arguments)}, {make.__name__}: at most linear at {counts}",
                   fault(costs, counts, kib))


def check_refusals(folder, inputs, checks):
    guests = f"holds vGPU number {CAPTURES + 1}; at most {CAPTURES} are compared at once"
    for count in CAPTURES + 1, 20 * CAPTURES:
        for arguments, make, message in (
                (["--from"], inputs.in_one, f"input holds more than {CAPTURES} captures; split it"),
                (["host"], inputs.in_one, f"input: holds more than {CAPTURES} captures; split it"),
                (["host"], inputs.in_many, f"guest-{CAPTURES}: {guests}")):
            checks.add(f"{' '.join(arguments)}, {make.__name__}: {count} are refused",
                       unlike(cost(folder, *arguments, *make(count)), message))


def unlike(found, message):
    """What a refusal has that it should not: another end, or the cost of an answer."""
    reasons = []
    if found.status != 65 or message not in found.messages:
        reasons.append(f"status {found.status}: {found.messages[:300]}")
    if found.kib > 60_000 or len(found.output) > 60_000 or found.seconds > 2:
        reasons.append(f"{found.kib} KiB, {len(found.output)} bytes, {found.seconds} seconds")
    return "\n".join(reasons) or None
