// SPDX-License-Identifier: GPL-2.0
/*
 * A PCI domain of its own. QEMU's function is then a Volume Management Device,
 * whose driver (vmd.c, Linux 6.1) makes domain 10000 from a window into
 * configuration space (BAR 0) and one into memory (BAR 2). In it are a host
 * bridge, 00.0, and the vGPU, 02.0.
 */

#include <string.h>

#include "device.h"

enum {
	WINDOW_SIZE = 2 << 20, TABLE_SIZE = 1 << 20,
	BAR_CONFIG = 0x10, BAR_MEMORY = 0x18, BAR_TABLE = 0x20, MSIX = 0x40,
};

static const uint8_t host_bridge[64] = { 0x86, 0x80, 0x1f, 0x19, [11] = 6 };

bool is_behind_vmd;

static uint8_t config[256], writable[256], table[TABLE_SIZE];

static void set32(uint8_t *bytes, unsigned int offset, uint32_t value)
{
	memcpy(bytes + offset, &value, sizeof(value));
}

static uint32_t read_bytes(const uint8_t *bytes, unsigned int size)
{
	uint32_t value = 0;

	memcpy(&value, bytes, size);
	return value;
}

void build_vmd(void)
{
	set32(config, 0x00, 0x201d8086);	/* Skylake server's VMD */
	set32(config, 0x08, 0x01040007);
	config[0x06] = 0x10;
	config[0x34] = MSIX;
	writable[0x04] = 6;
	writable[0x05] = 4;
	set32(config, BAR_CONFIG, 4);
	set32(writable, BAR_CONFIG, -WINDOW_SIZE);
	set32(config, BAR_MEMORY, 4);
	set32(writable, BAR_MEMORY, -(largest_aperture << 20));
	set32(config, BAR_TABLE, 4);
	set32(writable, BAR_TABLE, -TABLE_SIZE);
	config[MSIX] = 0x11;			/* four vectors, their table in BAR 4 */
	config[MSIX + 2] = 3;
	writable[MSIX + 3] = 0xc0;
	set32(config, MSIX + 4, 4);
	set32(config, MSIX + 8, 0x1004);
}

uint32_t vmd_config_read(uint32_t offset, unsigned int size)
{
	return offset + size <= sizeof(config) ? read_bytes(config + offset, size) : 0;
}

void vmd_config_write(uint32_t offset, uint32_t value, unsigned int size)
{
	for (unsigned int i = 0; i < size && offset + i < sizeof(config); i++) {
		uint8_t mask = writable[offset + i];

		config[offset + i] = (config[offset + i] & ~mask) | (value >> 8 * i & mask);
	}
}

/* Whether an access was one to the controller itself, and what it answers. */
bool vmd_access(bool is_write, uint64_t address, uint64_t value, unsigned int size,
		uint64_t *answer)
{
	uint32_t window = read_bytes(config + BAR_CONFIG, 4) & ~0xfu;
	uint32_t vectors = read_bytes(config + BAR_TABLE, 4) & ~0xfu;
	uint32_t device, offset;

	*answer = 0;
	if (vectors && address >= vectors && address - vectors < TABLE_SIZE) {
		uint8_t *place = table + (address - vectors);

		memcpy(is_write ? (void *)place : answer, is_write ? (void *)&value : place, size);
		return true;
	}
	if (!window || address < window || address - window >= WINDOW_SIZE)
		return false;
	device = (address - window) >> 15;
	offset = (address - window) & 0x7fff;	/* that of a function's, and its number */
	if (device == 2 && offset < PAGE_SIZE) {
		if (is_write)
			config_write(offset, value, size);
		else
			*answer = config_read(offset, size);
	} else if (device == 0 && offset < PAGE_SIZE) {
		if (!is_write && offset + size <= sizeof(host_bridge))
			*answer = read_bytes(host_bridge + offset, size);
	} else {
		*answer = ~0ull;
	}
	return true;
}
