"""Checks a trace of valgrind's lackey: what the mapped page was asked for.

    page_accesses.py TRACE

TRACE is what `valgrind --tool=lackey --trace-mem=yes --trace-syscalls=yes`
logged. The mapping of the page is found by its arguments, and every load and
store in it from then until it is unmapped is listed. Status 0: exactly the
contract's six loads, in order, and no store.
"""

import re
import sys

# Offset in the page and bytes of each load, in order.
EXPECTED = [("L", 0x00, 8), ("L", 0x08, 8), ("L", 0x10, 4), ("L", 0x40, 8), ("L", 0x48, 8), ("L", 0x50, 4)]

# mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0x78000)
MAP = re.compile(
    r"sys_mmap \( 0x0, 4096, 1, 1, \d+, 491520 \) --> \[pre-success\] Success\(0x([0-9a-f]+)\)")
UNMAP = re.compile(r"sys_munmap \( 0x([0-9a-f]+), 4096 \)")
# " L 04800000,8": load, store or both, address and bytes.
ACCESS = re.compile(r"^ ([LSM]) ([0-9a-f]+),(\d+)")


def accesses(lines):
    """The accesses of each mapping of the page, in order."""
    mappings, page = [], None
    for line in lines:
        if line.startswith("SYSCALL"):
            if match := MAP.search(line):
                page = int(match[1], 16)
                mappings.append([])
            elif page is not None and (match := UNMAP.search(line)) and int(match[1], 16) == page:
                page = None
        elif page is not None and (match := ACCESS.match(line)):
            kind, offset, width = match[1], int(match[2], 16) - page, int(match[3])
            if -width < offset < 4096:
                mappings[-1].append((kind, offset, width))
    return mappings


def main():
    with open(sys.argv[1], errors="replace") as trace:
        mappings = accesses(trace)
    for mapping in mappings:
        for kind, offset, width in mapping:
            print("%s 0x%03x %d" % (kind, offset, width))
    if mappings != [EXPECTED]:
        print("expected one mapping and these accesses:", file=sys.stderr)
        for kind, offset, width in EXPECTED:
            print("%s 0x%03x %d" % (kind, offset, width), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
