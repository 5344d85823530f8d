#!/usr/bin/env python3
"""The release binary with pastes, kernel logs and functions of sysfs that are
mutated from a seed: whatever they hold, the end is one of the contract's, the
output well formed, and the cost small.

    blackbox.py [--seed N] [--cases N | --seconds N]

A case that fails names its seed; the seed and the files in the repository give
it again. The last line counts the cases."""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
from xml.etree import ElementTree

import limits

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from common import WITH_FUNCTIONS, make_functions  # noqa: E402

TESTS = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = 76
KIB, SECONDS = 64 << 10, 5
KERNELS = "4.0", "4.7.1", "4.13", "5.0", "5.10.0-8-amd64", "6.1", "7.0", "99999999999999999999", "x\n", ""
# No reader of a terminal or of JSON should meet these unescaped.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]")
WORDS = [line.encode().decode("unicode_escape").encode("latin-1")[1:-1]
         for line in (TESTS / "Fuzz/Dictionaries/log.dict").read_text().splitlines() if line.startswith('"')]
WORDS += [b"0x", b"18446744073709551615", b"-1", b"vgt-balloon capture: 2\n", b"{", b"]"]
# What some form of output has to escape.
SPECIAL = [b'"', b"\\", b"<", b"&", b"'", b"`", b"|", b"]]>", b"\\u0000", b"\x1b[31m", b"\t", b"\r", b"\0", b"\x7f", b"\xff",
           b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xef\xb7\x90", b"\xf0\x9f\x92\xa9"]


class Seeds:
    """What the mutations start from."""

    def __init__(self):
        def files(*folders):
            return [path.read_bytes() for folder in folders for path in sorted((TESTS / folder).rglob("*"))
                    if path.is_file() and path.name != "README.md"]

        forms = [subprocess.run([limits.BINARY, "--sample", f"--format={form}"], capture_output=True,
                                check=True).stdout.replace(b"sample: yes", b"sample: no")
                 for form in ("text", "json", "markdown", "svg")]
        self.paste = files("Fuzz/Corpus/capture", "Fuzz/Corpus/json", "Fixtures/reports") + forms * 8
        self.log = files("Fuzz/Corpus/log", "Fixtures/logs") + forms[:1]


def mutated(chance, seeds, most=6):
    """One of the seeds with some changes."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randrange(most)):
        place = chance.randrange(len(data) + 1)
        end = min(len(data), place + chance.choice((1, 1, 2, 8, 64, 512)))
        match chance.randrange(10):
            case 0: data[place:end] = chance.randbytes(end - place)
            case 1: del data[place:end]
            case 2: data[place:place] = data[place:end] * chance.choice((1, 2, 20))
            case 3: data[place:place] = chance.choice(WORDS)
            case 4: data[place:place] = data[place:place + 1] * chance.choice((1, 100, 5000))
            case 5: data[place:place] = chance.choice(seeds)[:chance.choice((100, 4000))]
            case 6: del data[place if chance.randrange(4) == 0 else len(data):]
            case 7: data[place:place] = chance.choice(SPECIAL)
            case 8:  # Another digit, where a number is.
                digits = [match.start() for match in re.finditer(rb"[0-9a-f]", data)]
                if digits:
                    data[chance.choice(digits)] = chance.choice(b"0123456789abcdef")
            case 9:  # A name that reports show.
                names = [match.end() for match in re.finditer(rb"(kernel|driver): +\w", data)]
                if names:
                    place = chance.choice(names)
                    data[place:place] = chance.choice(SPECIAL)
    return bytes(data)


def name(chance):
    """What a file may be called."""
    if chance.randrange(3):
        return b"input"
    parts = chance.choice(WORDS), chance.choice(SPECIAL), chance.choice(SPECIAL), chance.randbytes(chance.choice((0, 9)))
    return b"x" + bytes(byte for byte in b"".join(parts) if byte not in b"/\0")


class Case:
    """The files and the command of one seed."""

    def __init__(self, seed, seeds, folder):
        self.chance, self.seeds, self.folder = random.Random(seed), seeds, folder
        self.enter, self.arguments, self.statuses = [], [], set()
        self.form = "text"
        self.chance.choice([self.paste, self.paste, self.log, self.host, self.functions])()

    def format(self, *forms):
        self.form = self.chance.choice(forms)
        return f"--format={self.form}"

    def file(self, seeds):
        path = self.folder / os.fsdecode(name(self.chance))
        path.write_bytes(mutated(self.chance, seeds))
        return os.fsencode(path.name)

    def paste(self):
        file = self.file(self.seeds.paste)
        self.arguments = [self.format("text", "json", "markdown", "svg"), b"--from=" + file]
        self.statuses = {0, 1, 2, 3, 65}
        if self.chance.randrange(3) == 0:
            self.arguments.append("--kernel=" + self.chance.choice(KERNELS))
            self.statuses.add(64)

    def log(self):
        self.arguments = ["log", self.format("text", "json"), self.file(self.seeds.log)]
        self.statuses = {0, 1, 2, 3, 65}

    def host(self):
        files = [self.file(self.chance.choice((self.seeds.paste, self.seeds.paste, self.seeds.log)))
                 for _ in range(self.chance.randrange(1, 5))]
        self.arguments = ["host", self.format("text", "json", "svg"), *files]
        self.statuses = {0, 1, 2, 65}

    def functions(self):
        bed = self.folder / "functions"
        properties = {"magic": 0x4776544776544776 if self.chance.randrange(4) else self.chance.getrandbits(64)}
        if self.chance.randrange(6) == 0:
            properties["class"] = self.chance.choice((0x030000, 0x038000, 0x020000, self.chance.getrandbits(24)))
        if self.chance.randrange(6) == 0:
            properties["functions"] = self.chance.randrange(1, 9)
        make_functions(bed, **properties)
        for _ in range(self.chance.randrange(5)):
            self.break_function(self.chance.choice(sorted(bed.iterdir())))
        self.enter = [*WITH_FUNCTIONS, bed]
        command, forms, options, self.statuses = self.chance.choice((
            ("report", ["text", "json", "markdown", "svg"], [], {0, 1, 2, 3}),
            ("detect", [], [], {0, 1, 3}),
            ("udev", [], ["0000:00:02.0"], {0, 1, 3}),
            ("ggtt", ["text", "json"], ["--range=0x0-0x4000000"], {0, 1, 2, 3, 64})))
        self.arguments = [command, *options, *([self.format(*forms)] if forms else [])]

    def break_function(self, function):
        """Another page, or another content of one of its small files."""
        page = function / "resource0"
        if self.chance.randrange(2) and page.exists():
            with page.open("r+b") as file:
                file.seek(0x78000 + self.chance.choice((0, 8, 12, 16, 64, 68, 72, 76, 80)))
                file.write(self.chance.choice((bytes(4), b"\xff" * 4, self.chance.randbytes(4))))
            return
        file = self.chance.choice(sorted(path for path in function.iterdir()
                                         if path.is_file() and path.stat().st_size < 1 << 16))
        if self.chance.randrange(8) == 0:
            file.unlink()
        else:
            file.write_bytes(mutated(self.chance, [file.read_bytes()]))

    def names_are_ascii(self):
        return all(file.name.isascii() for file in self.folder.iterdir())

    def run(self):
        return limits.cost(self.folder, *self.arguments, enter=self.enter)

    def repair(self, messages):
        """Gives a capture the checksum that the tool asks for: most mutations
        would go no further. Whether there was one to give."""
        found = re.search(r"crc32 is (\w{8}), but lines .* give (\w{8})", messages)
        if not found or self.chance.randrange(8) == 0:
            return False
        old, new = (word.encode() for word in found.groups())
        for file in self.folder.iterdir():
            if file.is_file():
                file.write_bytes(file.read_bytes().replace(old, new))
        return True


def problems(found, case):
    """What is wrong with the end of a case."""
    if found.status not in case.statuses:
        yield f"status {found.status}"
    if found.kib > KIB or found.seconds > SECONDS:
        yield f"{found.kib} KiB, {found.seconds} seconds"
    lines = found.messages.splitlines()
    if wrong := [line for line in lines if not line.startswith("vgt-balloon: ") or not line.isprintable()]:
        yield f"a message: {wrong[0]!r}"
    if found.status >= 64 and not lines:
        yield "no message"
    try:
        text = found.output.decode()
        if wrong := UNPRINTABLE.search(text):
            yield f"{wrong[0]!r} in the output"
        # A damaged paste gives no output.
        if text and case.form == "json":
            json.loads(text, parse_constant=int)  # NaN is no integer.
        elif text and case.form == "svg":
            ElementTree.fromstring(text)
        elif case.form in ("text", "markdown") and not text.isascii() and case.names_are_ascii():
            yield "the text is not ASCII"
        if case.form == "text" and case.arguments[0] != "udev":
            if long := [line for line in text.splitlines() if len(line) > COLUMNS]:
                yield f"{len(long[0])} columns: {long[0]}"
    except (ValueError, ElementTree.ParseError) as error:
        yield f"{case.form}: {error}"


def fault(seed, seeds):
    """What is wrong with the case of a seed, or None."""
    with tempfile.TemporaryDirectory() as folder:
        case = Case(seed, seeds, pathlib.Path(folder))
        found = case.run()
        for _ in range(4):
            if not case.repair(found.messages):
                break
            found = case.run()
        wrong = list(problems(found, case))
    again = f"again: scripts/fuzz blackbox --seed {seed} --runs 1"
    return "\n".join([*wrong, f"of: {case.arguments}", again]) if wrong else None


def check(_, checks, first=0, count=200):
    seeds = Seeds()
    faults = [reason for seed in range(first, first + count) if (reason := fault(seed, seeds))]
    checks.add(f"{count} mutated inputs end as they should", "\n".join(faults) or None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--cases", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    seeds, end, failed, count = Seeds(), time.monotonic() + options.seconds, 0, 0
    first = random.SystemRandom().randrange(1 << 48) if options.seed is None else options.seed
    while count < options.cases if options.cases else time.monotonic() < end:
        if reason := fault(first + count, seeds):
            failed += 1
            print(f"case {first + count}: {reason}", flush=True)
        count += 1
    print(f"{count} cases from seed {first}, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
