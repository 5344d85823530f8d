"""Checks that a report is confined before it works on what it was given.

    confined.py BINARY BED

BED is as for inject.py. Once its capabilities are gone, the report opens
nothing and runs nothing; and what the driver answers, and the result, come
only then.
"""

import os
import re
import subprocess
import sys

from inject import ENTER

# Calls on what is open, on memory, on a child that was started before, and the
# end.
ALLOWED = {"read", "ioctl", "write", "close", "fcntl", "lseek", "brk", "mmap", "munmap", "mremap",
           "madvise", "futex", "getrandom", "kill", "wait4", "exit_group"}
# The driver's answers and the result.
LATER = {"ioctl": r"ioctl\(\d+</dev/dri/", "write": r"write\(\d+<[^>]*/confined\.json>"}


def calls_of(binary, bed):
    """Name and text of each system call of a report with `-o`, in order."""
    work = os.path.dirname(bed)
    trace, output = (os.path.join(work, name) for name in ("confined.trace", "confined.json"))
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", ENTER, "sh",
               "strace", "-y", "-o", trace, binary, "report", "--format", "json", "--output", output]
    done = subprocess.run(command, env={**os.environ, "BED": bed}, capture_output=True, timeout=60)
    if done.returncode != 0:
        sys.exit("the report: status %d, %s" % (done.returncode, done.stderr))
    with open(trace, errors="replace") as file:
        lines = [line for line in file if re.match(r"\w+\(", line)]
    return [(line.split("(")[0], line.rstrip()) for line in lines]


def main():
    calls = calls_of(*sys.argv[1:3])
    names = [name for name, _ in calls]
    if "capset" not in names or "landlock_restrict_self" not in names:
        sys.exit("the report gives nothing up")
    border = len(names) - 1 - names[::-1].index("capset")
    problems = [text for name, text in calls[border + 1:] if name not in ALLOWED]
    for name, pattern in LATER.items():
        problems += [text for _, text in calls[:border] if re.match(pattern, text)]
        if not any(re.match(pattern, text) for _, text in calls[border:]):
            problems.append("no %s after the capabilities went" % name)
    for problem in problems:
        print("confined too late, or not: " + problem)
    print("%d calls after the capabilities went, %d in the wrong place"
          % (len(calls) - border - 1, len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
