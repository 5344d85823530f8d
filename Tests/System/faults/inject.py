"""Lets each system call of a report fail, one at a time, and judges the end.

    inject.py BINARY BED RULES

BED is a folder with `sys` and `dev` to lie over those of the machine. Every
call that opens, maps, reads, asks or writes is made to fail in a run of its
own. RULES says, for each call, which status and message are right; a call
without a rule is a failure, so a new one must be thought about.
"""

import os
import re
import subprocess
import sys

CALLS = ("openat", "read", "pread64", "readlink", "newfstatat", "getdents64", "mmap", "ioctl", "write", "access")
ERRORS = {"mmap": "ENOMEM", "write": "ENOSPC", "newfstatat": "EIO"}
ENTER = """
mount --bind /dev/null "$BED/dev/null"
mount --rbind "$BED/dev" /dev
mount --bind "$BED/sys" /sys
exec "$@"
"""


class Run:
    """One run of the report with `-o`, under strace with further options."""

    def __init__(self, binary, bed, options, output):
        self.output = output
        if os.path.exists(output):
            os.remove(output)
        trace = output + ".trace"
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", ENTER, "sh",
                   "strace", "-y", "-o", trace, "-e", "trace=" + ",".join(CALLS), *options,
                   binary, "report", "--format", "json", "--output", output]
        done = subprocess.run(command, env={**os.environ, "BED": bed}, capture_output=True, timeout=60)
        self.status = done.returncode
        self.messages = done.stderr.decode(errors="replace").splitlines()
        with open(trace, errors="replace") as file:
            self.calls = [line for line in file if line.split("(")[0] in CALLS]

    def content(self):
        if not os.path.exists(self.output):
            return None
        with open(self.output) as file:
            return file.read()


def subject(call, bed):
    """The file that a call is about, without what varies."""
    match = re.search(r'<(/[^>]*)>', call) if not call.startswith(("openat", "readlink", "access")) else None
    if call.startswith("newfstatat") and '"/' in call:
        match = None
    path = match[1] if match else (re.search(r'"([^"]*)"', call) or [None, "?"])[1]
    return path.replace(os.path.dirname(bed), "$WORK")


def is_ours(path):
    """Whether the call is the tool's, not the start of the C library."""
    return path.startswith(("/sys/", "/dev/", "/proc/sys/", "$WORK")) and path != "/dev/null"


def read_rules(path):
    """Lines of: call, path, status, message; the form is in the file itself."""
    rules = []
    with open(path) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                call, where, status, message = line.split(maxsplit=3)
                rules.append((re.compile(call + "$"), re.compile(where + ("$" if "#" in where else "(#[0-9]+)?$")), int(status), message.strip()))
    return rules


def judge(run, rule):
    """What is wrong with the end of a run; nothing when it is right."""
    _, _, status, message = rule
    problems = []
    if run.status != status:
        problems.append("status %d, not %d" % (run.status, status))
    if any(not line.startswith("vgt-balloon: ") for line in run.messages):
        problems.append("a line that is no message")
    content = run.content()
    if status == 0 and run.messages:
        problems.append("a message that should not be")
    if message.startswith("json:"):
        if not re.search(message[5:], content or ""):
            problems.append("no output that says: " + message[5:])
    elif message != "-" and not any(re.search(message, line) for line in run.messages):
        problems.append("no message that says: " + message)
    if status == 74 and content is not None:
        problems.append("the output file stayed")
    if status != 74 and (content is None or not content.endswith("}\n")):
        problems.append("the output is not whole")
    if status == 0 and '"verdict": "ok"' not in (content or ""):
        problems.append("status 0 without the verdict")
    return problems


def main():
    binary, bed, rules = sys.argv[1], sys.argv[2], read_rules(sys.argv[3])
    output = os.path.join(os.path.dirname(bed), "report.json")
    healthy = Run(binary, bed, [], output)
    if healthy.status != 0 or healthy.messages:
        sys.exit("the healthy run: status %d, %s" % (healthy.status, healthy.messages))
    counts, turns, failures, tried = {}, {}, 0, 0
    used = set()
    for call in healthy.calls:
        name = call.split("(")[0]
        counts[name] = counts.get(name, 0) + 1
        path = subject(call, bed)
        if not is_ours(path) or (name == "mmap" and "resource0" not in path):
            continue
        error = ERRORS.get(name, "EIO")
        # The same call for the same file, the first time, the second time
        turns[name, path] = turns.get((name, path), 0) + 1
        path = "%s#%d" % (path, turns[name, path])
        run = Run(binary, bed, ["-e", "inject=%s:error=%s:when=%d" % (name, error, counts[name])], output)
        tried += 1
        rule = next((rule for rule in rules if rule[0].match(name) and rule[1].match(path)), None)
        problems = judge(run, rule) if rule else ["no rule for this call"]
        used.add(rule)
        if problems:
            failures += 1
            print("%s %d %s: %s" % (name, counts[name], path, "; ".join(problems)))
            print("    status %d" % run.status, *run.messages, sep="\n    ")
    for rule in rules:
        if rule not in used:
            failures += 1
            print("no call meets the rule: %s %s" % (rule[0].pattern, rule[1].pattern))
    print("%d calls made to fail, %d not answered as they should be" % (tried, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
