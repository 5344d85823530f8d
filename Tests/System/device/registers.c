// SPDX-License-Identifier: GPL-2.0
/*
 * The registers that do more than to read as they were last written, because
 * i915 waits for what they do. Names and bits: i915_reg.h, intel_gt_regs.h and
 * display/intel_*_regs.h of Linux 6.1, but for those that only kvmgt's table
 * (gvt/handlers.c) names.
 */

#include "device.h"

enum {
	/* Masked: the upper half of what is written says which lower bits change. */
	FORCEWAKE_GT = 0xa188, FORCEWAKE_RENDER = 0xa278, FORCEWAKE_MEDIA = 0xa270,
	FORCEWAKE_ACK_GT = 0x130044, FORCEWAKE_ACK_RENDER = 0xd84, FORCEWAKE_ACK_MEDIA = 0xd88,

	GDRST = 0x941c,				/* reset: a bit an engine, and bit 0 for all */

	MASTER_IRQ = 0x44200, MASTER_ENABLE = 1u << 31,
	GT_IMR0 = 0x44304, GT_IIR0 = 0x44308, GT_IER0 = 0x4430c,	/* four, 16 bytes apart */

	POWER_WELL_FIRST = 0x45400, POWER_WELL_LAST = 0x4540c,
	FUSE_STATUS = 0x42000, FUSES_DISTRIBUTED = 0x8e000000,
	LCPLL1 = 0x46010, LCPLL2 = 0x46014, WRPLL1 = 0x46040, WRPLL2 = 0x46060,
	DPLL_STATUS = 0x6c060, DBUF_1 = 0x45008, DBUF_2 = 0x44fe8,
	PIPE_CONF = 0x70008, PIPE_STEP = 0x700,
	DDI_BUFFER = 0x64000, DDI_STEP = 0x100, DDI_COUNT = 6, DDI_IDLE = 1 << 7,
	AUX_CONTROL = 0x10,			/* beside the buffer control of its port */
	AUX_DONE = 1 << 30, AUX_TIMEOUT = 1 << 28, AUX_ERROR = 1 << 25,
	GMBUS_SELECT = 0xc5104, GMBUS_STATUS = 0xc5108, GMBUS_READY = 1 << 11, GMBUS_NAK = 1 << 10,
	SIDEBAND_STATUS = 0xc6008, SIDEBAND_BITS = 3,
	FPGA_DEBUG = 0x42300,

	PCODE_MAILBOX = 0x138124, PCODE_DATA = 0x138128, PCODE_DATA1 = 0x13812c,
	PCODE_READ_LATENCY = 6,
	TLB_FIRST = 0x4260, TLB_LAST = 0x4274,	/* invalidation, done at once */
	GUC_STATUS = 0xc000, GUC_IN_RESET = 1,
	FUSE2 = 0x9120, ONE_SLICE_THREE_SUBSLICES = 1 << 25 | 8 << 20,
	RP_STATE_CAP = 0x145998,
};
#define BUSY (1u << 31)
#define ENABLED (1u << 31)
#define STATE (1u << 30)

/* Interrupt registers of display and others, where a written 1 clears a bit. */
static const uint32_t cleared_by_ones[] = {
	0x44308, 0x44318, 0x44328, 0x44338,			/* GT */
	0x44408, 0x44418, 0x44428,				/* pipes */
	0x44448, 0x44468, 0x44478, 0x444e8, 0x444f8, 0xc4008,	/* ports, misc, PCU, PCH */
	0x64838,						/* audio */
};

/* --- Interrupts --- */

/* Bits of the master register that say which GT register has one pending. */
static uint32_t pending_master_bits(void)
{
	static const unsigned int bits[4][2] = { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 6, 6 } };
	uint32_t master = 0;

	for (unsigned int i = 0; i < 4; i++) {
		uint32_t pending = get(GT_IIR0 + 16 * i) & get(GT_IER0 + 16 * i);

		if (pending & 0xffff)
			master |= 1u << bits[i][0];
		if (pending >> 16)
			master |= 1u << bits[i][1];
	}
	return master;
}

void update_interrupt(void)
{
	if (get(MASTER_IRQ) & MASTER_ENABLE && pending_master_bits())
		raise_interrupt();
}

/* --- Reading --- */

/* What is enabled is so at once. */
static uint32_t with_state(uint32_t offset)
{
	uint32_t value = get(offset);

	return value & ENABLED ? value | STATE : value & ~STATE;
}

/* Any requester's bit gives a well its state bit, the next lower one. */
static uint32_t power_well(uint32_t offset)
{
	uint32_t requests = 0;

	for (uint32_t o = POWER_WELL_FIRST; o <= POWER_WELL_LAST; o += 4)
		requests |= get(o) & 0xaaaaaaaa;
	return (get(offset) & 0xaaaaaaaa) | requests >> 1;
}

static uint32_t locked_plls(void)
{
	static const uint32_t plls[] = { LCPLL1, LCPLL2, WRPLL1, WRPLL2 };
	uint32_t status = 0;

	for (unsigned int i = 0; i < 4; i++)
		status |= (get(plls[i]) & ENABLED ? 1u : 0u) << 8 * i;
	return status;
}

/* The port's offset of a display port register, or DDI_STEP and more for others. */
static uint32_t port_register(uint32_t offset)
{
	return offset - DDI_BUFFER < DDI_STEP * DDI_COUNT ? (offset - DDI_BUFFER) % DDI_STEP :
							    DDI_STEP;
}

uint32_t register_read(uint32_t offset)
{
	uint32_t value = get(offset);

	if (engine_read(offset, &value))
		return value;
	if ((offset & ~PIPE_STEP) == (PIPE_CONF & ~PIPE_STEP))
		return with_state(offset);
	if (port_register(offset) == AUX_CONTROL)
		return value & ~BUSY;
	if (port_register(offset) == 0)
		return value & ENABLED ? value & ~DDI_IDLE : value | DDI_IDLE;
	switch (offset) {
	case POWER_WELL_FIRST ... POWER_WELL_LAST:
		return offset % 4 ? value : power_well(offset);
	case LCPLL1:
	case LCPLL2:
	case DBUF_1:
	case DBUF_2:
		return with_state(offset);
	case DPLL_STATUS:
		return locked_plls();
	case MASTER_IRQ:
		return (value & MASTER_ENABLE) | pending_master_bits();
	case FUSE_STATUS:
		return FUSES_DISTRIBUTED;
	case FUSE2:
		return ONE_SLICE_THREE_SUBSLICES;
	case RP_STATE_CAP:
		return 0x00060c16;
	case GMBUS_STATUS:
		return GMBUS_READY;
	case GUC_STATUS:
		return value | GUC_IN_RESET;
	case PCODE_DATA1:
	case FPGA_DEBUG:
		return 0;
	default:
		return value;
	}
}

/* --- Writing --- */

static bool write_forcewake(uint32_t offset, uint32_t value)
{
	uint32_t mask = value >> 16, acknowledge = offset == FORCEWAKE_GT ? FORCEWAKE_ACK_GT :
		offset == FORCEWAKE_RENDER ? FORCEWAKE_ACK_RENDER :
		offset == FORCEWAKE_MEDIA ? FORCEWAKE_ACK_MEDIA : 0;

	if (!acknowledge)
		return false;
	value = (get(offset) & ~mask & 0xffff) | (value & mask);
	put(offset, value);
	put(acknowledge, value);
	return true;
}

/* A transfer on an AUX channel ends at once, and nobody has answered. */
static void write_aux(uint32_t offset, uint32_t value)
{
	uint32_t flags = AUX_DONE | AUX_TIMEOUT | AUX_ERROR;
	uint32_t kept = get(offset) & flags & ~value;

	put(offset, (value & ~(flags | BUSY)) | kept | (value & BUSY ? AUX_DONE | AUX_TIMEOUT : 0));
}

void register_write(uint32_t offset, uint32_t value)
{
	if (engine_write(offset, value) || write_forcewake(offset, value))
		return;
	for (unsigned int i = 0; i < sizeof(cleared_by_ones) / sizeof(*cleared_by_ones); i++) {
		if (offset == cleared_by_ones[i]) {
			put(offset, get(offset) & ~value);
			return;
		}
	}
	if (port_register(offset) == AUX_CONTROL) {
		write_aux(offset, value);
		return;
	}
	switch (offset) {
	case GDRST:
		reset_engines(value);
		put(offset, 0);
		return;
	case PCODE_MAILBOX:
		if (value & BUSY) {
			put(PCODE_DATA, (value & 0xff) == PCODE_READ_LATENCY ? 0x04040202 : 1);
			value = 0;
		}
		break;
	case MASTER_IRQ:
		put(offset, value & MASTER_ENABLE);
		update_interrupt();
		return;
	case SIDEBAND_STATUS:
		value &= ~SIDEBAND_BITS;
		break;
	case TLB_FIRST ... TLB_LAST:
		value = 0;
		break;
	case GMBUS_SELECT:
		put(GMBUS_STATUS, GMBUS_NAK | GMBUS_READY);
		break;
	}
	put(offset, value);
}
