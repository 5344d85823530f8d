// SPDX-License-Identifier: GPL-2.0
/* The guest's RAM, BAR 0 as memory, and the way from a graphics address to RAM. */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"

enum { PAGE_SHIFT = 12 };
#define ENTRY_PRESENT 1ull
#define ENTRY_ADDRESS 0x7ffffff000ull	/* bits 38:12, generations 8 and 9 */

uint8_t *bar0;

static struct {
	uint64_t address, size;
	uint8_t *place;
} ram[MAX_REGIONS];

void make_memory(void)
{
	bar0 = mmap(NULL, BAR0_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bar0 == MAP_FAILED) {
		perror("device: mmap");
		exit(1);
	}
}

void map_ram(unsigned int region, uint64_t address, uint64_t size, int fd, int64_t offset)
{
	void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

	if (region >= MAX_REGIONS || place == MAP_FAILED)
		return;
	ram[region].address = address;
	ram[region].size = size;
	ram[region].place = place;
}

void unmap_ram(void)
{
	for (int i = 0; i < MAX_REGIONS; i++) {
		if (ram[i].place)
			munmap(ram[i].place, ram[i].size);
		ram[i].place = NULL;
	}
}

/* The memory at a graphics address, or NULL when no entry leads to RAM. */
void *graphics_memory(uint64_t graphics_address, unsigned int size)
{
	uint64_t entry, address;

	if (graphics_address >> PAGE_SHIFT >= GGTT_ENTRIES)
		return NULL;
	memcpy(&entry, bar0 + GGTT_OFFSET + (graphics_address >> PAGE_SHIFT) * sizeof(entry),
	       sizeof(entry));
	if (!(entry & ENTRY_PRESENT))
		return NULL;
	address = (entry & ENTRY_ADDRESS) | (graphics_address & ((1 << PAGE_SHIFT) - 1));
	for (int i = 0; i < MAX_REGIONS; i++) {
		if (ram[i].place && address >= ram[i].address &&
		    address + size <= ram[i].address + ram[i].size)
			return ram[i].place + (address - ram[i].address);
	}
	return NULL;
}

uint32_t get(uint32_t offset)
{
	uint32_t value;

	memcpy(&value, bar0 + offset, sizeof(value));
	return value;
}

void put(uint32_t offset, uint32_t value)
{
	memcpy(bar0 + offset, &value, sizeof(value));
}
