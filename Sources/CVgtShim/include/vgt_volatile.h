/// Volatile loads, one machine instruction each. There is no store.
///
/// A plain `mov` is what every hypervisor emulates; the forms that memcpy and
/// a vectoriser choose are not (Linux 6.1 arch/x86/kvm/emulate.c has no VEX).
#ifndef VGT_VOLATILE_H
#define VGT_VOLATILE_H

#include <stdint.h>

static inline uint32_t vgt_volatile_load32(const volatile uint32_t *address)
{
    return *address;
}

static inline uint64_t vgt_volatile_load64(const volatile uint64_t *address)
{
    return *address;
}

#endif
