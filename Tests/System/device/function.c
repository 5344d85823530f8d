// SPDX-License-Identifier: GPL-2.0
/*
 * What the function is: its fields with their names and healthy values, and the
 * PV info page made of them (layout: i915_pvinfo.h, Linux 6.1).
 */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"

static const struct {
	const char *name;
	unsigned int offset, bytes;	/* in the page */
	uint64_t value;			/* of a Skylake guest with a vGPU of the smallest type */
} fields[FIELDS] = {
	[MAGIC] = { "magic", 0x00, 8, 0x4776544776544776 },
	[VERSION_MAJOR] = { "version_major", 0x08, 2, 1 },
	[VERSION_MINOR] = { "version_minor", 0x0a, 2, 0 },
	[VGT_ID] = { "vgt_id", 0x0c, 4, 1 },
	[CAPS] = { "caps", 0x10, 4, 0x1c },
	[MAPPABLE_BASE] = { "mappable_base", 0x40, 4, 0 },
	[MAPPABLE_SIZE] = { "mappable_size", 0x44, 4, 64 << 20 },
	[UNMAPPABLE_BASE] = { "unmappable_base", 0x48, 4, 512 << 20 },
	[UNMAPPABLE_SIZE] = { "unmappable_size", 0x4c, 4, 384 << 20 },
	[FENCE_COUNT] = { "fence_count", 0x50, 4, 4 },

	[DEVICE_ID] = { "device_id", 0, 0, 0x1912 },
	[REVISION] = { "revision", 0, 0, 6 },
	[GGMS] = { "ggms", 0, 0, 3 },			/* the GGTT's size, as at 0x50 */
	[APERTURE] = { "aperture", 0, 0, 256 },		/* MiB */
	/* Whether whoever shows the function is to enable it, as firmware would. */
	[MEMORY_DECODING] = { "memory_decoding", 0, 0, 1 },
	[BAR0_ASSIGNED] = { "bar0_assigned", 0, 0, 1 },	/* 0: there is no room for BAR 0 */
	[ALL_ONES] = { "all_ones", 0, 0, 0 },		/* 1: BARs answer all ones */
	[GONE] = { "gone", 0, 0, 0 },			/* 1: configuration space does so too */
	[PRESENT] = { "present", 0, 0, 1 },		/* 0: a rescan finds nothing */
	/* 1: can be put to sleep; 2: and BARs answer all ones outside of D0. */
	[POWER] = { "power", 0, 0, 0 },
	[DISPLAY] = { "display", 0, 0, 0 },		/* of a vGPU; i915 waits for one */
	[ENGINES] = { "engines", 0, 0, 1 },		/* 0: what is submitted does not run */
	[MSI] = { "msi", 0, 0, 0 },			/* for a bus without interrupt lines */
};

/* Fuses that leave a vGPU's display out (i915_reg.h, Linux 6.1). */
enum {
	SKL_DFSM = 0x51000,
	SKL_DFSM_PIPES_DISABLED = 1 << 30 | 1 << 28 | 1 << 21,
	FUSE_STRAP = 0x42014,
	FUSE_STRAP_DISPLAY_DISABLED = 1 << 30,
};

uint64_t field[FIELDS];
bool is_vgpu, is_shown;

void reset_fields(void)
{
	for (int i = 0; i < FIELDS; i++)
		field[i] = fields[i].value;
}

/* Takes words of the form NAME=VALUE; NULL, or what is wrong with them. */
const char *assign_fields(char *words)
{
	for (char *word; (word = strsep(&words, " "));) {
		char *sign = strchr(word, '=');
		int i = 0;

		if (!*word)
			continue;
		if (!sign)
			return "error: not NAME=VALUE";
		*sign = 0;
		while (i < FIELDS && strcmp(fields[i].name, word))
			i++;
		if (i == FIELDS)
			return "error: no such name";
		field[i] = strtoull(sign + 1, NULL, 0);
	}
	return NULL;
}

void print_fields(FILE *out)
{
	for (int i = 0; i < FIELDS; i++)
		fprintf(out, "%s=0x%llx\n", fields[i].name, (unsigned long long)field[i]);
}

void write_page(void)
{
	if (!is_vgpu)
		return;
	for (int i = 0; i < PAGE_FIELDS; i++)
		memcpy(bar0 + PAGE_OFFSET + fields[i].offset, &field[i], fields[i].bytes);
}

/* Another function, as after a reset; it is there when the guest looks again. */
void show_function(void)
{
	madvise(bar0, BAR0_SIZE, MADV_DONTNEED);
	reset_engines(1);
	if (is_vgpu && !field[DISPLAY]) {
		put(SKL_DFSM, SKL_DFSM_PIPES_DISABLED);
		put(FUSE_STRAP, FUSE_STRAP_DISPLAY_DISABLED);
	}
	write_page();
	is_shown = true;
	build_config();
}
