// SPDX-License-Identifier: GPL-2.0
/*
 * Execution lists (Broadwell PRM, volume 7; intel_lrc.c and gen8_engine_cs.c of
 * Linux 6.1). A submitted context runs at once: its ring is read from head to
 * tail for what i915 waits for, writes to memory and interrupts; batches are
 * skipped. Then come the events of the context status buffer.
 */

#include <time.h>

#include "device.h"

const struct engine engines[ENGINE_COUNT] = {
	{ 0x02000, 0, 0, 1 },		/* render */
	{ 0x22000, 0, 16, 3 },		/* copy */
	{ 0x12000, 1, 0, 2 },		/* video */
	{ 0x1c000, 1, 16, 7 },		/* video, the second */
	{ 0x1a000, 3, 0, 4 },		/* video enhancement */
};

enum {
	/* An engine's registers, from its base. */
	RING_TAIL = 0x30, RING_HEAD = 0x34, RING_START = 0x38, RING_CONTROL = 0x3c,
	RING_STATUS_PAGE = 0x80, RING_MI_MODE = 0x9c, RING_INSTPM = 0xc0, RING_RESET_CONTROL = 0xd0,
	RING_EXECLIST_SUBMIT = 0x230, RING_EXECLIST_STATUS = 0x234, RING_CONTEXT_CONTROL = 0x244,
	RING_MODE = 0x29c, RING_FF_SLICE = 0x2c0, RING_TIMESTAMP = 0x358, RING_TIMESTAMP_HIGH = 0x35c,
	RING_STATUS_BUFFER = 0x370, RING_STATUS_POINTER = 0x3a0,

	MODE_IDLE = 1 << 9, RESET_REQUEST = 1, RESET_READY = 2,

	/* The status page. */
	HWSP_EVENTS = 0x40, HWSP_WRITE_INDEX = 0x7c,

	STATUS_EVENTS = 6, EVENT_IDLE_TO_ACTIVE = 0x01, EVENT_SWITCHED = 0x14,
	EVENT_ACTIVE_TO_IDLE = 0x18,
	GT_INTERRUPT_USER = 1, GT_INTERRUPT_CONTEXT_SWITCH = 1 << 8,

	/* The context image: its second page has the registers; dwords. */
	CONTEXT_HEAD = 5, CONTEXT_TAIL = 7, CONTEXT_START = 9, CONTEXT_RING_CONTROL = 11,
	CONTEXT_MODE_COMMAND = 0x57, CONTEXT_MODE_REGISTER = 0x58, CONTEXT_MODE = 0x59,
	CONTEXT_AFTER_MODE = 0x5a,

	MAX_COMMAND = 64,		/* dwords of one that are looked at */
};

static struct {
	uint32_t submitted[4];
	unsigned int count, write_index;
} lists[ENGINE_COUNT];

void reset_engines(uint32_t gdrst)
{
	static const unsigned int cleared[] = { RING_TAIL, RING_HEAD, RING_START, RING_CONTROL,
						RING_RESET_CONTROL, RING_MI_MODE };

	for (int i = 0; i < ENGINE_COUNT; i++) {
		if (!(gdrst & 1) && !(gdrst >> engines[i].reset_bit & 1))
			continue;
		for (unsigned int k = 0; k < sizeof(cleared) / sizeof(*cleared); k++)
			put(engines[i].base + cleared[k], 0);
		lists[i].count = 0;
		lists[i].write_index = STATUS_EVENTS - 1;
	}
}

/* Sets bits in the interrupt identity register of an engine, unless masked. */
static void note_interrupt(const struct engine *engine, uint32_t bits)
{
	uint32_t mask = 0x44304 + 16 * engine->interrupt, identity = mask + 4;

	put(identity, get(identity) | (bits << engine->shift & ~get(mask)));
}

static void store(uint64_t graphics_address, uint32_t value)
{
	uint32_t *place = graphics_memory(graphics_address, sizeof(*place));

	if (place)
		__atomic_store_n(place, value, __ATOMIC_SEQ_CST);
}

/* --- A ring's commands --- */

/* How many dwords a command has, by its first. */
static uint32_t command_length(uint32_t command)
{
	uint32_t type = command >> 29, opcode = command >> 23 & 0x3f;

	if (type == 0 && opcode < 0x10)
		return 1;
	if (type == 0)
		return (command & (opcode == 0x22 || opcode == 0x23 ? 0xff : 0x3f)) + 2;
	if (type == 3 && (command >> 16 & 0x1fff) == 0x0b04)
		return 1;
	return type == 2 || type == 3 ? (command & 0xff) + 2 : 1;
}

/* Where a post-sync write goes: bit 21 of flags makes it an offset in the status page. */
static uint64_t post_sync_address(const struct engine *engine, uint32_t flags, uint32_t address)
{
	if (flags & 1 << 21)
		return (get(engine->base + RING_STATUS_PAGE) & ~0xfffu) + (address & 0xff8);
	return address & ~7u;
}

static void execute(const struct engine *engine, const uint32_t *words, uint32_t length)
{
	enum {
		USER_INTERRUPT = 0x02, STORE_DATA = 0x20, LOAD_REGISTER = 0x22, STORE_REGISTER = 0x24,
		FLUSH = 0x26, PIPE_CONTROL = 0x7a00, POST_SYNC_WRITE = 1, GLOBAL_GTT = 1 << 22,
		REGISTER_MASK = 0x7ffffc,
	};
	uint32_t command = words[0], opcode = command >> 23 & 0x3f;

	if (command >> 16 == PIPE_CONTROL && (words[1] >> 14 & 3) == POST_SYNC_WRITE) {
		uint64_t address = post_sync_address(engine, words[1], words[2]);

		store(address, words[4]);
		store(address + 4, words[5]);
	}
	if (command >> 29)
		return;
	if (opcode == STORE_DATA && command & GLOBAL_GTT) {
		for (uint32_t i = 3; i < length; i++)
			store(words[1] + 4 * (i - 3), words[i]);
	} else if (opcode == FLUSH && (command >> 14 & 3) == POST_SYNC_WRITE) {
		uint64_t address = post_sync_address(engine, command, words[1]);

		store(address, words[3]);
		if (length > 4)
			store(address + 4, words[4]);
	} else if (opcode == STORE_REGISTER && command & GLOBAL_GTT) {
		if ((words[1] & REGISTER_MASK) < GGTT_OFFSET)
			store(words[2], register_read(words[1] & REGISTER_MASK));
	} else if (opcode == LOAD_REGISTER) {
		for (uint32_t i = 1; i + 1 < length; i += 2) {
			if ((words[i] & REGISTER_MASK) < GGTT_OFFSET)
				put(words[i] & REGISTER_MASK, words[i + 1]);
		}
	} else if (opcode == USER_INTERRUPT) {
		note_interrupt(engine, GT_INTERRUPT_USER);
	}
}

static bool ring_word(uint32_t start, uint32_t offset, uint32_t *value)
{
	uint32_t *place = graphics_memory(start + offset, sizeof(*place));

	if (place)
		*value = *place;
	return place;
}

static void run_ring(const struct engine *engine, const uint32_t *context)
{
	uint32_t start = context[CONTEXT_START] & ~0xfffu;
	uint32_t size = (context[CONTEXT_RING_CONTROL] & 0x1ff000) + 0x1000;
	uint32_t head = (context[CONTEXT_HEAD] & 0x1ffffc) % size;
	uint32_t tail = (context[CONTEXT_TAIL] & 0x1ffff8) % size;

	/* Each command is a dword or more, so this ends even when it misses the tail. */
	for (uint32_t left = size / 4; head != tail && left; left--) {
		uint32_t words[MAX_COMMAND] = { 0 }, length;

		if (!ring_word(start, head, words))
			return;
		length = command_length(words[0]);
		for (uint32_t i = 1; i < length && i < MAX_COMMAND; i++) {
			if (!ring_word(start, (head + 4 * i) % size, &words[i]))
				return;
		}
		execute(engine, words, length < MAX_COMMAND ? length : MAX_COMMAND);
		head = (head + 4 * length) % size;
	}
}

/* --- Contexts --- */

static void add_event(int i, uint32_t event, uint32_t context_id)
{
	uint32_t base = engines[i].base, page = get(base + RING_STATUS_PAGE) & ~0xfffu;
	unsigned int index = lists[i].write_index = (lists[i].write_index + 1) % STATUS_EVENTS;
	uint64_t *place = graphics_memory(page + HWSP_EVENTS + 8 * index, sizeof(*place));

	put(base + RING_STATUS_BUFFER + 8 * index, event);
	put(base + RING_STATUS_BUFFER + 8 * index + 4, context_id);
	if (place)
		__atomic_store_n(place, (uint64_t)context_id << 32 | event, __ATOMIC_SEQ_CST);
	store(page + HWSP_WRITE_INDEX, index);
	put(base + RING_STATUS_POINTER, (get(base + RING_STATUS_POINTER) & ~7u) | index);
}

static void run_context(int i, uint32_t descriptor)
{
	enum { IMAGE_SIZE = 0x200 };
	uint32_t base = engines[i].base;
	uint32_t *context = graphics_memory((descriptor & ~0xfffu) + PAGE_SIZE, IMAGE_SIZE);

	if (!context)
		return;
	run_ring(&engines[i], context);
	context[CONTEXT_HEAD] = context[CONTEXT_TAIL];
	/*
	 * Hardware of generation 8 saves MI_MODE of the render engine as a command here.
	 * i915 writes the value alone, and kvmgt, which scans the image for commands,
	 * would take that for one.
	 */
	if ((field[DEVICE_ID] & 0xff00) == 0x1600 && i == 0 && context[CONTEXT_MODE] &&
	    !context[CONTEXT_MODE_COMMAND]) {
		context[CONTEXT_MODE_COMMAND] = 0x11000001;	/* MI_LOAD_REGISTER_IMM */
		context[CONTEXT_MODE_REGISTER] = 0x209c;
		if (!context[CONTEXT_AFTER_MODE])
			context[CONTEXT_AFTER_MODE] = 0x05000000;	/* MI_BATCH_BUFFER_END */
	}
	put(base + RING_TAIL, context[CONTEXT_TAIL]);
	put(base + RING_HEAD, context[CONTEXT_TAIL]);
	put(base + RING_START, context[CONTEXT_START]);
	put(base + RING_CONTROL, context[CONTEXT_RING_CONTROL]);
}

/* Four writes submit two contexts: the second first, each its upper half first. */
static void submit(int i, uint32_t value)
{
	uint32_t *submitted = lists[i].submitted;
	uint32_t first, first_id, second, second_id;

	submitted[lists[i].count++] = value;
	if (lists[i].count < 4)
		return;
	lists[i].count = 0;
	second_id = submitted[0];
	second = submitted[1];
	first_id = submitted[2];
	first = submitted[3];
	if (!(first & 1)) {
		first = second;
		first_id = second_id;
		second = 0;
	}
	if (!(first & 1))
		return;
	add_event(i, EVENT_IDLE_TO_ACTIVE, first_id);
	run_context(i, first);
	if (second & 1) {
		add_event(i, EVENT_SWITCHED, first_id);
		run_context(i, second);
	}
	add_event(i, EVENT_ACTIVE_TO_IDLE, second & 1 ? second_id : first_id);
	put(engines[i].base + RING_EXECLIST_STATUS, 1);
	note_interrupt(&engines[i], GT_INTERRUPT_CONTEXT_SWITCH);
	update_interrupt();
}

/* --- Registers --- */

/* Whether a register is an engine's that does something when written. */
bool engine_write(uint32_t offset, uint32_t value)
{
	for (int i = 0; i < ENGINE_COUNT; i++) {
		uint32_t mask = value >> 16, masked = (get(offset) & ~mask & 0xffff) | (value & mask);

		switch (offset - engines[i].base) {
		case RING_EXECLIST_SUBMIT:
			if (field[ENGINES])
				submit(i, value);
			return true;
		case RING_STATUS_POINTER:
			put(offset, (get(offset) & ~mask) | (value & mask));
			if (mask & 7)
				lists[i].write_index = value & 7;
			return true;
		case RING_RESET_CONTROL:
			put(offset, masked & RESET_REQUEST ? masked | RESET_READY :
							     masked & ~RESET_READY);
			return true;
		case RING_MI_MODE:
		case RING_MODE:
		case RING_CONTEXT_CONTROL:
		case RING_INSTPM:
		case RING_FF_SLICE:
			put(offset, masked);
			return true;
		}
	}
	return false;
}

bool engine_read(uint32_t offset, uint32_t *value)
{
	for (int i = 0; i < ENGINE_COUNT; i++) {
		uint32_t place = offset - engines[i].base;
		struct timespec now;
		uint64_t ticks;

		if (place == RING_MI_MODE) {
			*value = get(offset) | MODE_IDLE;
			return true;
		}
		if (place != RING_TIMESTAMP && place != RING_TIMESTAMP_HIGH)
			continue;
		clock_gettime(CLOCK_MONOTONIC, &now);
		ticks = (now.tv_sec * 1000000000ull + now.tv_nsec) * 12 / 1000;	/* 12 MHz */
		*value = place == RING_TIMESTAMP ? ticks : ticks >> 32;
		return true;
	}
	return false;
}
