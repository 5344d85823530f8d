// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration space, and to which part an access to a BAR goes.
 *
 * QEMU sizes the BARs when it starts. It is then shown the largest aperture, and
 * forwards by address whatever the guest later maps in it, so one boot can have
 * every size. 64-bit BARs below 4 GiB: their upper halves are hard-wired to 0.
 */

#include <string.h>

#include "device.h"

enum {
	COMMAND = 4, COMMAND_MEMORY = 2, STATUS = 6, STATUS_CAPABILITIES = 0x10, REVISION_ID = 8,
	CLASS = 0xb, BAR0 = 0x10, BAR2 = 0x18, SUBSYSTEM = 0x2c, CAPABILITIES = 0x34,
	INTERRUPT_LINE = 0x3c, INTERRUPT_PIN = 0x3d, GMCH_CONTROL = 0x50, MSI_CAPABILITY = 0xac,
	POWER_CAPABILITY = 0xd0, POWER_STATE = 0xd4,
};

unsigned int largest_aperture = 1024;
bool is_realized;

static uint8_t config[256], writable[256];

static uint32_t config32(unsigned int offset)
{
	uint32_t value;

	memcpy(&value, config + offset, sizeof(value));
	return value;
}

static void set16(unsigned int offset, uint16_t value)
{
	memcpy(config + offset, &value, sizeof(value));
}

static void set_bar(unsigned int index, uint32_t flags, uint32_t mebibytes)
{
	uint32_t mask = -(mebibytes << 20);

	memcpy(config + BAR0 + 4 * index, &flags, sizeof(flags));
	memcpy(writable + BAR0 + 4 * index, &mask, sizeof(mask));
}

static void add_msi(void)
{
	uint32_t address = ~3u;

	set16(STATUS, STATUS_CAPABILITIES);
	config[CAPABILITIES] = MSI_CAPABILITY;
	config[MSI_CAPABILITY] = 5;
	config[MSI_CAPABILITY + 1] = POWER_CAPABILITY;
	writable[MSI_CAPABILITY + 2] = 1;
	memcpy(writable + MSI_CAPABILITY + 4, &address, sizeof(address));
	writable[MSI_CAPABILITY + 8] = writable[MSI_CAPABILITY + 9] = 0xff;
}

static void add_power_management(void)
{
	set16(STATUS, STATUS_CAPABILITIES);
	if (!config[CAPABILITIES])
		config[CAPABILITIES] = POWER_CAPABILITY;
	config[POWER_CAPABILITY] = 1;
	config[POWER_CAPABILITY + 2] = 3;
	writable[POWER_STATE] = 3;
}

void build_config(void)
{
	enum { MEMORY_64 = 4, PREFETCHABLE = 8 };

	memset(config, 0, sizeof(config));
	memset(writable, 0, sizeof(writable));
	set16(0, 0x8086);
	set16(2, field[DEVICE_ID]);
	config[REVISION_ID] = field[REVISION];
	config[CLASS] = 3;
	set16(SUBSYSTEM, 0x1028);
	set16(SUBSYSTEM + 2, 0x06b9);
	config[INTERRUPT_PIN] = 1;
	set16(GMCH_CONTROL, field[GGMS] << 6);
	writable[COMMAND] = is_vgpu ? 6 : 7;
	writable[COMMAND + 1] = 4;
	writable[INTERRUPT_LINE] = 0xff;
	set_bar(0, MEMORY_64, BAR0_SIZE >> 20);
	set_bar(2, MEMORY_64 | PREFETCHABLE,
		is_vgpu && !is_realized ? largest_aperture : field[APERTURE]);
	if (!is_vgpu) {
		/* So that another size of the GGTT can be tried without another boot. */
		writable[GMCH_CONTROL] = 0xc0;
		add_msi();
		add_power_management();
		return;
	}
	if (is_realized && !field[BAR0_ASSIGNED]) {
		/*
		 * 32-bit BARs that leave no 16 MiB free below 4 GiB of a `pc` with 2 GiB of
		 * RAM and 32 MiB of ivshmem.
		 */
		set_bar(0, 0, BAR0_SIZE >> 20);
		set_bar(1, 0, 1024);
		set_bar(2, PREFETCHABLE, field[APERTURE]);
		set_bar(3, 0, 128);
		set_bar(4, 0, 512);
		set_bar(5, 0, 64);
	}
	if (field[MSI])
		add_msi();
	if (field[POWER] || field[MSI])
		add_power_management();
}

/* A vGPU that is not there for who scans the bus. */
static bool is_hidden(void)
{
	return is_vgpu && is_realized && (!is_shown || field[GONE] || !field[PRESENT]);
}

static bool answers_all_ones(void)
{
	return is_hidden() || field[ALL_ONES] || field[GONE] || !(config[COMMAND] & COMMAND_MEMORY) ||
	       (field[POWER] == 2 && config[POWER_STATE] & 3);
}

uint32_t config_read(uint32_t offset, unsigned int size)
{
	uint32_t value = 0;

	if (is_hidden() || field[GONE])
		return ~0u >> (32 - 8 * size);
	if (offset + size <= sizeof(config))
		memcpy(&value, config + offset, size);
	return value;
}

void config_write(uint32_t offset, uint32_t value, unsigned int size)
{
	if (is_hidden() || field[GONE])
		return;
	if (is_realized)
		trace_access(CONFIG, true, offset, size, value);
	for (unsigned int i = 0; i < size && offset + i < sizeof(config); i++) {
		uint8_t mask = writable[offset + i];

		config[offset + i] = (config[offset + i] & ~mask) | (value >> 8 * i & mask);
	}
}

/* --- BARs --- */

static uint64_t register_access(bool is_write, uint32_t offset, uint64_t value, unsigned int size)
{
	if (size == 8 && is_write) {
		register_write(offset, value);
		register_write(offset + 4, value >> 32);
	} else if (size == 8) {
		return register_read(offset) | (uint64_t)register_read(offset + 4) << 32;
	} else if (size == 4 && is_write) {
		register_write(offset, value);
	} else if (is_write) {
		memcpy(bar0 + offset, &value, size);
	} else {
		value = register_read(offset & ~3u) >> 8 * (offset & 3);
		return size == 4 ? value : value & ((1u << 8 * size) - 1);
	}
	return 0;
}

static uint64_t memory_access(bool is_write, void *place, uint64_t value, unsigned int size)
{
	uint64_t read = 0;

	if (place)
		memcpy(is_write ? place : &read, is_write ? &value : place, size);
	return read;
}

uint64_t bar_access(bool is_write, uint64_t address, uint64_t value, unsigned int size)
{
	uint32_t first = config32(BAR0) & ~0xfu, second = config32(BAR2) & ~0xfu;
	bool is_first = first && address >= first && address - first < BAR0_SIZE;
	bool is_second = second && address >= second &&
			 address - second < (uint64_t)field[APERTURE] << 20;
	uint32_t offset = is_first ? address - first : is_second ? address - second : 0;
	enum access_kind kind = !is_first ? (is_second ? APERTURE_ACCESS : NOWHERE) :
				offset >= GGTT_OFFSET ? ENTRIES :
				offset / PAGE_SIZE == PAGE_OFFSET / PAGE_SIZE ? PAGE : REGISTERS;
	uint64_t answer;

	if (is_behind_vmd && vmd_access(is_write, address, value, size, &answer))
		return answer;
	trace_access(kind, is_write, kind == NOWHERE ? address : offset, size, value);
	if (answers_all_ones())
		return ~0ull;
	switch (kind) {
	case PAGE:
	case REGISTERS:
		return register_access(is_write, offset, value, size);
	case ENTRIES:
		return memory_access(is_write, bar0 + offset, value, size);
	case APERTURE_ACCESS:
		return memory_access(is_write, graphics_memory(offset, size), value, size);
	default:
		return ~0ull;
	}
}
