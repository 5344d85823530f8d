// SPDX-License-Identifier: GPL-2.0
/*
 * What was accessed since the trace was last asked for, in order. Accesses of the
 * page, of GGTT entries and of configuration space are kept, the others counted;
 * entries that follow each other are one line.
 */

#include <stdlib.h>

#include "device.h"

static const char *const names[KINDS] = {
	[PAGE] = "page", [ENTRIES] = "ggtt", [CONFIG] = "config", [REGISTERS] = "registers",
	[APERTURE_ACCESS] = "aperture", [NOWHERE] = "nowhere",
};

static struct run {
	enum access_kind kind;
	bool is_write;
	unsigned int size;
	uint64_t first, end, count, value;
} *runs;
static size_t run_count, room;
static uint64_t totals[KINDS][2];
static bool is_tracing;			/* from the first time that it is asked for */

void trace_access(enum access_kind kind, bool is_write, uint64_t offset, unsigned int size,
		  uint64_t value)
{
	struct run *last = run_count ? &runs[run_count - 1] : NULL;

	if (!is_tracing)
		return;
	totals[kind][is_write]++;
	if (kind > CONFIG)
		return;
	if (kind == ENTRIES && last && last->kind == kind && last->is_write == is_write &&
	    last->size == size && last->end == offset) {
		last->end += size;
		last->count++;
		return;
	}
	if (run_count == room) {
		room = room * 2 + 1024;
		runs = realloc(runs, room * sizeof(*runs));
		if (!runs)
			abort();
	}
	runs[run_count++] = (struct run){ kind, is_write, size, offset, offset + size, 1, value };
}

void print_trace(FILE *out)
{
	for (size_t i = 0; i < run_count; i++) {
		const struct run *run = &runs[i];

		fprintf(out, "%s %s %u at 0x%llx", names[run->kind], run->is_write ? "write" : "read",
			run->size, (unsigned long long)run->first);
		if (run->count > 1)
			fprintf(out, " to 0x%llx, %llu", (unsigned long long)run->end,
				(unsigned long long)run->count);
		else if (run->is_write)
			fprintf(out, " = 0x%llx", (unsigned long long)run->value);
		fputc('\n', out);
	}
	fputs("total", out);
	for (int kind = 0; kind < KINDS; kind++) {
		fprintf(out, " %s %llu/%llu", names[kind], (unsigned long long)totals[kind][0],
			(unsigned long long)totals[kind][1]);
		totals[kind][0] = totals[kind][1] = 0;
	}
	fputc('\n', out);
	run_count = 0;
	is_tracing = true;
}
