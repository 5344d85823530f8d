/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the device know of each other, by file.
 *
 * Offsets into BAR 0 are called offset, bus addresses address, addresses in the
 * GGTT graphics address; all are in bytes.
 */

#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	BAR0_SIZE = 16 << 20,
	GGTT_OFFSET = 8 << 20,		/* the GGTT's entries, in BAR 0 */
	GGTT_ENTRIES = (BAR0_SIZE - GGTT_OFFSET) / 8,
	PAGE_OFFSET = 0x78000,		/* the PV info page, in BAR 0 */
	PAGE_SIZE = 0x1000,
	MAX_REGIONS = 8,		/* of RAM, in one message of QEMU */
};

/* --- function.c: what the function is, by name --- */

enum field {
	MAGIC, VERSION_MAJOR, VERSION_MINOR, VGT_ID, CAPS, MAPPABLE_BASE, MAPPABLE_SIZE,
	UNMAPPABLE_BASE, UNMAPPABLE_SIZE, FENCE_COUNT,
	PAGE_FIELDS,			/* those above are words of the page */
	DEVICE_ID = PAGE_FIELDS, REVISION, GGMS, APERTURE, MEMORY_DECODING, BAR0_ASSIGNED,
	ALL_ONES, GONE, PRESENT, POWER, DISPLAY, ENGINES, MSI,
	FIELDS
};
extern uint64_t field[FIELDS];
extern bool is_vgpu;			/* else the GPU of a host */
extern bool is_shown;			/* a vGPU is not there before the first `show` */

void reset_fields(void);
const char *assign_fields(char *words);
void print_fields(FILE *out);
void write_page(void);
void show_function(void);

/* --- config.c: configuration space, and what the BARs answer at all --- */

extern bool is_realized;		/* QEMU has sized the BARs and reset the machine */
extern unsigned int largest_aperture;	/* MiB */

void build_config(void);
uint32_t config_read(uint32_t offset, unsigned int size);
void config_write(uint32_t offset, uint32_t value, unsigned int size);
uint64_t bar_access(bool is_write, uint64_t address, uint64_t value, unsigned int size);

/* --- domain.c: a PCI domain of its own around the function --- */

extern bool is_behind_vmd;

void build_vmd(void);
uint32_t vmd_config_read(uint32_t offset, unsigned int size);
void vmd_config_write(uint32_t offset, uint32_t value, unsigned int size);
bool vmd_access(bool is_write, uint64_t address, uint64_t value, unsigned int size,
		uint64_t *answer);

/* --- memory.c: the guest's RAM, BAR 0, and the way through the GGTT --- */

extern uint8_t *bar0;

void make_memory(void);
void map_ram(unsigned int region, uint64_t address, uint64_t size, int fd, int64_t offset);
void unmap_ram(void);
void *graphics_memory(uint64_t graphics_address, unsigned int size);
uint32_t get(uint32_t offset);
void put(uint32_t offset, uint32_t value);

/* --- registers.c --- */

uint32_t register_read(uint32_t offset);
void register_write(uint32_t offset, uint32_t value);
void update_interrupt(void);

/* --- engines.c: execution lists --- */

struct engine {
	uint32_t base;			/* of its registers */
	unsigned int interrupt;		/* which of the four GT interrupt registers */
	unsigned int shift;		/* and from which bit on */
	unsigned int reset_bit;		/* in GDRST */
};
enum { ENGINE_COUNT = 5 };
extern const struct engine engines[ENGINE_COUNT];

bool engine_write(uint32_t offset, uint32_t value);
bool engine_read(uint32_t offset, uint32_t *value);
void reset_engines(uint32_t gdrst);

/* --- trace.c: what was accessed, in order --- */

enum access_kind { PAGE, ENTRIES, CONFIG, REGISTERS, APERTURE_ACCESS, NOWHERE, KINDS };

void trace_access(enum access_kind kind, bool is_write, uint64_t offset, unsigned int size,
		  uint64_t value);
void print_trace(FILE *out);

/* --- control.c, protocol.c: who the device talks to --- */

extern const char *monitor_path;

int listen_at(const char *path);
int connect_to(const char *path);
void control_input(int listening, int *connected);

extern int machine_socket;		/* to QEMU's proxy; -1 while the function is unplugged */

bool serve_machine(void);
void raise_interrupt(void);
void unplug(void);
const char *plug(void);

#endif
