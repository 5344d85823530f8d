"""What must hold between i915 and vgt-balloon, in the guest.

A check takes a case and raises Failure; its first line of documentation is its
name in the results. controls.py shows that each one can fail.
"""

import re

MAGIC = 0x4776544776544776

# The only loads that the tool may make: offset and width, in this order.
ACCESSES = [(0x78000, 64), (0x78008, 64), (0x78010, 32),
            (0x78040, 64), (0x78048, 64), (0x78050, 32)]

PLATFORMS = {0x1616: ("Broadwell", 8), 0x1912: ("Skylake", 9),
             0x5912: ("Kaby Lake", 9), 0x3E92: ("Coffee Lake", 9)}

# Exit statuses of a report.
OK, NO_VGPU, FAILED, UNREADABLE = 0, 1, 2, 3


class Failure(AssertionError):
    """A check that does not hold, in words."""


def expect(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, expected {expected!r}")


def expect_words(pattern, record):
    """That a program named the cause on standard error."""
    if not re.search(pattern, record.errors, re.IGNORECASE):
        raise Failure(f"{record.step} does not name the cause: {record.errors!r}")


# --- Configurations ----------------------------------------------------------


def check_outcome(case):
    """i915 does what the table of configurations says"""
    expect(case.driver.outcome, case.outcome, "i915")


def check_function(case):
    """ids, BARs and GGTT are those of the kernel"""
    values, total, address = case.parameters, case.driver.size, case["function"].output.strip()
    for phase, backend, report in case.reports():
        device = report.device
        shown = {name: device[name] for name in ("address", "vendor_id", "device_id", "revision",
                                                 "platform", "generation", "driver", "backend")}
        platform, generation = PLATFORMS[values["device_id"]]
        expect(shown, {
            "address": address, "vendor_id": 0x8086, "device_id": values["device_id"],
            "revision": values["revision"], "platform": platform, "generation": generation,
            "driver": "i915" if phase == "bound" else None, "backend": backend,
        }, report.step)
        if values["bar0_assigned"]:
            expect(device["bars"], case.bars, f"BARs in {report.step}")
        # As i915 cuts the aperture to the GGTT.
        expect(device["ggtt"]["aperture"], min(case.bars[1]["size"], ggtt_size(values)),
               f"aperture in {report.step}")
        expect(device["ggtt"]["total"], ggtt_size(values), f"GGTT in {report.step}")
        if total is not None:
            expect(total, ggtt_size(values), "GGTT of i915")


def ggtt_size(values):
    """The bytes of address space by the GGMS field of generations 8 and 9."""
    return 1 << (29 + values["ggms"]) if values["ggms"] else 0


def check_page(case):
    """the page is decoded as the device has it, from six loads"""
    values = case.parameters
    for _, _, report in case.readable_reports():
        page = report.device["vgt_if"]
        accesses = [(a["offset"], a["width"]) for a in report.device["capture"]["accesses"]]
        expect(page["magic"], f"0x{values['magic']:016x}", f"magic in {report.step}")
        if values["magic"] != MAGIC:
            expect(accesses, ACCESSES[:1], f"accesses of {report.step}")
            continue
        expect(accesses, ACCESSES, f"accesses of {report.step}")
        shown = {
            "version_major": page["version_major"], "version_minor": page["version_minor"],
            "vgt_id": page["vgt_id"], "caps": page["caps"]["raw"],
            "mappable_base": page["mappable"]["base"],
            "mappable_size": page["mappable"]["size"],
            "unmappable_base": page["unmappable"]["base"],
            "unmappable_size": page["unmappable"]["size"],
            "fence_count": page["fence_count"],
        }
        expect(shown, {name: values[name] for name in shown}, f"page in {report.step}")


def check_same_page(case):
    """both backends read the same, before, while and after the driver is bound"""
    pages = [(report.step, report.device["capture"]["accesses"])
             for _, _, report in case.readable_reports()]
    for step, accesses in pages:
        expect(accesses, pages[0][1], f"accesses of {step}")


def loads(case, step):
    """What the device saw of a run: (kind, direction, offset, width in bits, line) each."""
    for line in case[f"{step}.trace"].output.splitlines():
        kind, direction, size, _, offset, *_ = line.replace(",", "").split()
        if kind != "total":
            yield kind, direction, int(offset, 16), int(size) * 8, line


def totals(case, step):
    """How many loads and stores the device saw, by kind, where there were any."""
    words = case[f"{step}.trace"].output.splitlines()[-1].split()[1:]
    counts = {kind: tuple(map(int, pair.split("/")))
              for kind, pair in zip(words[::2], words[1::2])}
    return {kind: count for kind, count in counts.items() if count != (0, 0)}


# What a bound i915 writes of its own accord: the page tables that it tells the host of.
NOTICES = {0x78818, *range(0x78838, 0x78860, 4)}


def is_driver_store(entry):
    kind, direction, offset, *_ = entry
    return direction == "write" and (kind == "ggtt" or kind == "page" and offset in NOTICES)


def check_trace(case):
    """the device saw exactly the six loads, in order, and no store"""
    for phase, _, report in case.readable_reports():
        wanted = ACCESSES if case.parameters["magic"] == MAGIC else ACCESSES[:1]
        seen, count = list(loads(case, report.step)), totals(case, report.step)
        if phase == "bound":  # it may submit work meanwhile
            seen = [entry for entry in seen if not is_driver_store(entry)]
            count = {"page": (count.get("page", (0, 0))[0], 0)}
        expect([entry[:4] for entry in seen], [("page", "read", *load) for load in wanted],
               f"trace of {report.step}")
        expect(count, {"page": (len(wanted), 0)}, f"counted in {report.step}")


def mappings(case, step):
    """The (length, protection) of each mapping of a file that a run made and shares with it."""
    for line in case[f"{step}.mappings"].output.splitlines():
        call = dict(re.findall(r"(\w+): (?:0x)?([0-9a-f]+)", line[line.index("sys_mmap("):]))
        if int(call["flags"], 16) & MAP_SHARED:
            yield int(call["len"], 16), int(call["prot"], 16)


MAP_SHARED = 1
PROT_READ = 1


def check_mappings(case):
    """the tool maps one page, once, and only for reading"""
    for _, _, report in case.readable_reports():
        expect(list(mappings(case, report.step)), [(PAGE, PROT_READ)],
               f"mapped by {report.step}")


def check_ranges(case):
    """the reserved ranges are those that i915 printed, in its order"""
    driver = case.driver
    for _, _, report in case.readable_reports():
        balloon = report.device["balloon"]
        if driver.ranges:
            expect(balloon["valid"], True, f"valid in {report.step}")
            ranges = [(r["start"], r["end"], r["size"] // 1024) for r in balloon["reserved"]]
            expect(ranges, driver.ranges, f"reserved in {report.step}")
        elif driver.outcome == "invalid":
            shown = {name: balloon[name] for name in ("valid", "error", "reserved")}
            expect(shown, {"valid": False, "error": INVALID[case.name], "reserved": []},
                   f"balloon in {report.step}")
        elif driver.outcome == "none":
            expect(balloon, None, f"balloon in {report.step}")


# i915 does not say which of its three tests fails.
INVALID = {
    "past-aperture": "mappable-ends-past-aperture",
    "inside-aperture": "unmappable-starts-inside-aperture",
    "past-ggtt": "unmappable-ends-past-ggtt",
}


GUC_WITHOUT_FIRMWARE = ("guc-2", "guc-3")


def check_verdict(case):
    """status, verdict and detect are i915's, before it has loaded already"""
    magic_is_right = case.parameters["magic"] == MAGIC
    absent = "unsupported" if magic_is_right else "absent"
    verdicts = {
        "none": (NO_VGPU, "no-vgpu", absent, ("none", NO_VGPU)),
        "invalid": (FAILED, "failed", "present", ("gvt-g", OK)),
        "refused-ppgtt": (FAILED, "failed", "present", ("gvt-g", OK)),
        "refused-hwsp": (FAILED, "failed", "present", ("gvt-g", OK)),
        "unmapped": (FAILED, "failed", "present", ("gvt-g", OK)),
        "no-room": (FAILED, "failed", "present", ("gvt-g", OK)),
    }
    sound = (OK, "ok", "present", ("gvt-g", OK))
    unreadable = (UNREADABLE, "unreadable", "unreadable", ("", UNREADABLE))
    for phase, _, report in case.reports():
        wanted = verdicts.get(case.driver.outcome, sound)
        if case.driver.outcome == "no-room" and phase == "before":
            wanted = sound  # nothing tells of the driver's parameters yet
        if case.name in GUC_WITHOUT_FIRMWARE and phase == "unbound":
            # Told to use GuC, the driver would fail; whether it finds the
            # firmware, only a driver that is bound tells.
            wanted = verdicts["no-room"]
        if not case.is_readable(phase):
            wanted = unreadable
        detect = case[f"{phase}.detect"]
        shown = (report.status, report.report["verdict"], report.device["presence"],
                 (detect.output.strip(), detect.status))
        expect(shown, wanted, f"{report.step} and {detect.step}")


def check_prediction(case):
    """the failures found before i915 loads are those that stop it"""
    wanted = {"refused-ppgtt": "full-ppgtt-missing", "refused-hwsp": "hwsp-emulation-missing",
              "invalid": INVALID.get(case.name), "unmapped": "ggtt-empty"}
    for phase, _, report in case.readable_reports():
        if phase == "before":
            failures = [f["code"] for f in report.device["findings"]
                        if f["severity"] == "failure"]
            expect(failures[0] if failures else None, wanted.get(case.driver.outcome),
                   f"first failure in {report.step}")


def check_words(case):
    """what the text report says that i915 will log, it logs, and nothing else of GVT-g"""
    logged = [plain(message) for message in case.driver.messages]
    foretold = expected_messages(case["before.text"].output)
    expect([line for line in foretold if line not in logged], [], "foretold and not logged")
    expect([line for line in foretold if GVT_MESSAGE.search(line)],
           [line for line in logged if GVT_MESSAGE.search(line)], "words")


def expected_messages(text):
    """The messages that a text report says i915 will log."""
    section = re.search(r"^  on load:\n((?:    .*\n)+)", text, re.MULTILINE)
    if not section:
        return [plain(line) for line in re.findall("^ +i915 logs: (.*)", text, re.MULTILINE)]
    # What is indented more goes on with the line before it.
    lines = re.sub(r"\n     +", " ", section[1]).splitlines()
    return [plain(line) for line in lines]


def plain(message):
    """A message without the marks of its level."""
    return message.strip().removeprefix("[drm] ").removeprefix("*ERROR* ")


GVT_MESSAGE = re.compile("Virtual GPU|VGT|graphic memory: base|balloon|vGPU|Failed to map the ggtt")


def check_agreement(case):
    """the report agrees with the driver where that ballooned, and is silent elsewhere"""
    for phase, _, report in case.reports():
        word = "agrees" if phase == "bound" and case.driver.ballooned else "absent"
        expect(report.device["driver_check"], dict.fromkeys(("log", "aperture", "fences"), word),
               f"driver_check in {report.step}")


def check_ioctls(case):
    """the usable aperture and the fences of i915's ioctls are the report's"""
    driver = case.driver
    for _, _, report in case.readable_reports():
        # What is available is the share, less what i915 has pinned of it.
        owned = report.device["balloon"]["owned_bytes"]
        if not 0 <= owned - driver.available <= PINNED_MAX:
            raise Failure(f"owned in {report.step}: {owned}; i915 has {driver.available}")
        expect(report.device["vgt_if"]["fence_count"], driver.fences,
               f"fences in {report.step}")


PINNED_MAX = 16 << 20


def check_entries(case):
    """the GGTT's entries are those of the device; those that i915 wrote lie in the shares"""
    audit, values = case["ggtt"].report, case.parameters
    written = dict(line.split() for line in case["entries"].output.splitlines())
    pages = {int(index) for index, value in written.items() if int(value, 16) & 1}
    shares = [range(values[f"{part}_base"] // PAGE,
                    (values[f"{part}_base"] + values[f"{part}_size"]) // PAGE)
              for part in ("mappable", "unmappable")]
    strangers = [page for page in pages if not any(page in share for share in shares)]
    expect(strangers, [], "entries of i915 outside the shares")
    audited = range(audit["range"]["start"] // PAGE, audit["range"]["end"] // PAGE)
    pages = {page for page in pages if page in audited}
    if not pages:
        raise Failure("i915 wrote no entry in the range")
    present = {page for run in audit["runs"] if run["kind"] == "present"
               for page in range(run["start"] // PAGE, run["end"] // PAGE)}
    expect(present, pages, "present entries")
    shown = {name: audit[name] for name in ("entries_read", "present_owned", "present_reserved",
                                            "all_ones", "complete")}
    expect(shown, {"entries_read": len(audited), "present_owned": len(pages),
                   "present_reserved": 0, "all_ones": 0, "complete": True}, "ggtt")
    expect(case["ggtt"].status, OK, "status of ggtt")


PAGE = 4096


def check_entries_trace(case):
    """ggtt makes the six loads, then loads each entry once, in order, and stores nothing"""
    seen = [entry for entry in loads(case, "ggtt") if not is_driver_store(entry)]
    expect([entry[:4] for entry in seen[:6]], [("page", "read", *load) for load in ACCESSES],
           "page loads of ggtt")
    start, end = (case["ggtt"].report["range"][name] // PAGE for name in ("start", "end"))
    place = ENTRIES + 8 * start
    for kind, direction, offset, width, line in seen[6:]:
        expect((kind, direction, offset, width), ("ggtt", "read", place, 64), "entry loads")
        # Those that follow each other are one line: "... to 0x..., COUNT".
        place = int(line.split()[6].strip(","), 16) if " to " in line else offset + 8
    expect(place, ENTRIES + 8 * end, "last entry load")
    count = totals(case, "ggtt")
    expect((count["page"][0], count["ggtt"][0]), (6, end - start), "counted in ggtt")


ENTRIES = 8 << 20  # where BAR0 has them


def check_entries_mapping(case):
    """ggtt maps the page and the entries, each once, and only for reading"""
    expect(list(mappings(case, "ggtt")),
           [(PAGE, PROT_READ), (case.driver.size // PAGE * 8, PROT_READ)], "mapped by ggtt")


def check_no_entries(case):
    """where there is no vGPU, ggtt reads the page alone and says so"""
    expect(case["ggtt"].status, NO_VGPU, "status of ggtt")
    expect(case["ggtt"].report["runs"], [], "runs")
    expect({kind for kind, *_ in loads(case, "ggtt")}, {"page"}, "loads of ggtt")


def check_cause(case):
    """where the page cannot be read, the cause is named and nothing is loaded"""
    words = "decoding" if case.parameters["bar0_assigned"] else "BAR ?0.*address|unassigned"
    for _, _, report in case.unreadable_reports():
        expect_words(words, report)
        expect(list(loads(case, report.step)), [], f"trace of {report.step}")
        expect(list(mappings(case, report.step)), [], f"mappings of {report.step}")


def check_log(case):
    """the tool leaves no warning in the kernel log, and nothing breaks there"""
    for step in ("before.tool-log", "bound.tool-log", "unbound.tool-log"):
        if step in case:
            lines = case[step].output.splitlines()
            told = [line for line in lines
                    if level_of(line) <= WARNING and not re.search(SLOWNESS, line)]
            expect(told, [], step)
    for step, record in case.items():
        if step.endswith("log"):
            check_kernel(record.output)


WARNING = 4
# What the kernel says of a processor that others use too, whatever runs on it.
SLOWNESS = (r">\[[ 0-9.]+\] (hrtimer: interrupt took|perf: interrupt took too long"
            r"|clocksource: |rcu: INFO: |workqueue: )")


def level_of(line):
    """The level of a line of the kernel log."""
    return int(re.match(r"<(\d+)>", line)[1]) & 7


def check_kernel(log):
    """That the kernel did not break: the bed itself must be sound."""
    if broken := re.search(".*(?:BUG: |Oops: |general protection fault|refcount_t: ).*", log):
        raise Failure(broken[0])


def checks_for(case):
    """The checks that have something to judge in a configuration."""
    yield from (check_outcome, check_function, check_verdict, check_agreement, check_log)
    if any(case.readable_reports()):
        yield from (check_page, check_same_page, check_ranges, check_trace, check_mappings)
    if case.is_readable("before"):
        yield from (check_prediction, check_words)
    if any(case.unreadable_reports()):
        yield check_cause
    if case.driver.ballooned and "gem" in case:
        yield from (check_ioctls, check_entries, check_entries_trace, check_entries_mapping)
    elif "ggtt" in case:
        yield check_no_entries


# --- Scenarios ---------------------------------------------------------------


def check_user(case):
    """a normal user gets status 3 and the reason"""
    for step in ("sysfs", "devmem"):
        report = case[step]
        expect((report.status, report.device["presence"]), (UNREADABLE, "unreadable"), step)
        expect_words("permission|root|privilege", report)
    expect((case["detect"].status, case["detect"].output), (UNREADABLE, ""), "detect")


def check_poke(case):
    """a page that changes after the driver has read it disagrees with the driver"""
    for step, source in (("fence_count", "fences"), ("mappable_base", "log"),
                         ("unmappable_size", "log")):
        shown = (case[step].device["driver_check"][source], case[step].status)
        expect(shown, ("disagrees", FAILED), f"{source} after another {step}")
    for step in ("agreeing", "restored"):
        shown = (set(case[step].device["driver_check"].values()), case[step].status)
        expect(shown, ({"agrees"}, OK), step)


def check_strange_entries(case):
    """an entry outside the shares is counted, one of all ones in them fails"""
    figures = ("present_reserved", "all_ones")
    for step, wanted in (("agreeing", (0, 0, OK)), ("0x31c6", (1, 0, OK)),
                         ("0x31d0", (0, 1, FAILED)), ("restored", (0, 0, OK))):
        shown = (*(case[step].report[name] for name in figures), case[step].status)
        expect(shown, wanted, step)


def check_silence(case):
    """reads that fail are told apart by their cause, and nothing is loaded again for them"""
    for step, status, words in (
            ("sound", OK, ""), ("all-ones", UNREADABLE, "ones"), ("sound-again", OK, ""),
            ("gone", UNREADABLE, "any more"), ("bound", OK, ""),
            ("bound-gone", UNREADABLE, "any more"), ("awake", OK, ""),
            # Put to sleep behind the kernel's back, which still calls it awake.
            ("asleep", UNREADABLE, "ones"), ("asleep-and-answering", OK, "")):
        report = case[step]
        expect(report.status, status, f"status {step}: {report.errors}")
        if words:
            expect_words(words, report)
            expect(report.device["presence"], "unreadable", step)
        if any(entry[1] == "write" and not is_driver_store(entry) for entry in loads(case, step)):
            raise Failure(f"stores in {step}")


def check_hotplug(case):
    """a function that is unplugged is gone from the report, and another one is read"""
    for step, status in (("bound", OK), ("unplugged", NO_VGPU), ("plugged", OK)):
        expect(case[step].status, status, f"status {step}: {case[step].errors}")
    expect(case["plugged"].device["device_id"], 0x5912, "device id of the second")


def check_loop(case):
    """while driver and function come and go, each answer is right"""
    wanted = [("below-unmappable", 0x10000000, 0xE7EF8000),
              ("above-unmappable", 0xFFEF8000, 0x100000000),
              ("below-mappable", 0, 0x31C7000), ("above-mappable", 0x71C7000, 0x10000000)]
    allowed = {"present": {OK}, "gone": {NO_VGPU}, "changing": {OK, NO_VGPU, UNREADABLE}}
    answers = dict.fromkeys(allowed, 0)
    for step, report in case.items():
        if step == "log":
            continue
        begun, given = step.split()[0].split("-")
        state = begun.partition(".")[0] if begun == given else "changing"
        answers[state] += 1
        if report.status not in allowed[state]:
            raise Failure(f"status {report.status} in {step}: {report.errors}{report.output}")
        if report.status == OK:
            ranges = [(r["slot"], r["start"], r["end"])
                      for r in report.device["balloon"]["reserved"]]
            expect(ranges, wanted, f"reserved in {step}")
    if min(answers.values()) == 0 or answers["present"] < 10:
        raise Failure(f"too few answers to judge: {answers}")


def check_loop_log(case):
    """nothing breaks in the kernel meanwhile"""
    check_kernel(case["log"].output)


def check_lockdown(case):
    """under lockdown both backends refuse, with the cause and the next step"""
    if "[integrity]" not in case["state"].output:
        raise Failure(f"the kernel is not locked down: {case['state'].output!r}")
    for step in ("sysfs", "devmem"):
        report = case[step]
        expect((report.status, report.device["presence"]), (UNREADABLE, "unreadable"), step)
        expect_words("lockdown", report)
    expect((case["detect"].status, case["detect"].output), (UNREADABLE, ""), "detect")


SCENARIOS = {"user": [check_user], "poke": [check_poke],
             "entries": [check_strange_entries], "silence": [check_silence],
             "hotplug": [check_hotplug],
             "loop": [check_loop, check_loop_log], "lockdown": [check_lockdown]}


# --- Running them ------------------------------------------------------------


def attempt(check, case):
    """Why a check does not hold, or None; records it cannot read count as that."""
    try:
        check(case)
    except Failure as failure:
        return str(failure)
    except (AttributeError, LookupError, TypeError, ValueError, StopIteration) as error:
        return f"the records cannot be judged: {type(error).__name__}: {error}"
    return None


def judge(case):
    """The (name, reason or None) of each check of a case."""
    checks = SCENARIOS[case.name] if case.name in SCENARIOS else checks_for(case)
    for check in checks:
        yield check.__doc__, attempt(check, case)
