/* Calls every function of the C shim on a synthetic bus, right and wrong, for
 * the sanitizers to watch. Ends with status 0 when the answers are right. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vgt_confine.h"
#include "vgt_driver.h"
#include "vgt_interrupt.h"
#include "vgt_journal.h"
#include "vgt_pci.h"
#include "vgt_window.h"

#undef NDEBUG
#include <assert.h>

enum { PAGE = 0x78000, TABLE = 0x800000, TABLE_SIZE = 0x800000 };

static void read_page(void)
{
    struct vgt_mapping mapping = vgt_window_map_sysfs(0, PAGE, 4096);
    struct vgt_window *window = mapping.window;
    struct vgt_load_run runs[3];

    assert(mapping.step == VGT_STEP_DONE && window);
    assert(vgt_window_load64(window, PAGE).value == 0x4776544776544776);
    assert(vgt_window_load32(window, PAGE + 0x10).value == 0x1c);
    assert(vgt_window_load32(window, PAGE + 0x50).value == 4);
    /* Outside, not aligned, one too many. */
    assert(vgt_window_load32(window, PAGE - 4).error == ERANGE);
    assert(vgt_window_load32(window, PAGE + 4096).error == ERANGE);
    assert(vgt_window_load64(window, PAGE + 4092).error == ERANGE);
    assert(vgt_window_load64(window, PAGE + 4).error == ERANGE);
    assert(vgt_window_load32(window, UINT32_MAX).error == ERANGE);
    assert(vgt_window_load64_runs(window, PAGE + 4080, 3, runs).error == ERANGE);
    assert(vgt_window_load64_runs(window, PAGE, UINT32_MAX, runs).error == ERANGE);
    assert(vgt_window_load64_runs(window, PAGE, 0, runs).error == ERANGE);
    assert(vgt_window_load64_runs(window, PAGE, 3, runs).count == 3);
    assert(runs[0].value == 0x4776544776544776 && runs[0].count == 1 && runs[2].value == 0x1c);
    /* The reserved words behind the caps are 0. */
    assert(vgt_window_load64_runs(window, PAGE + 0x10, 3, runs).count == 2);
    assert(runs[1].value == 0 && runs[1].count == 2);
    vgt_window_unmap(window);
}

/* Runs are what single loads give, wherever values change. */
static void compare_with_loads(const struct vgt_window *window, uint32_t offset)
{
    struct vgt_load_run runs[40];

    for (uint32_t count = 1; count <= 40; count++) {
        struct vgt_load_runs found = vgt_window_load64_runs(window, offset, count, runs);
        uint32_t loads = 0;

        for (uint32_t index = 0; index < found.count; index++) {
            assert(index == 0 || runs[index].value != runs[index - 1].value);
            for (uint32_t left = runs[index].count; left > 0; left--)
                assert(vgt_window_load64(window, offset + 8 * loads++).value == runs[index].value);
        }
        assert(found.error == 0 && loads == count);
    }
}

static void read_table(void)
{
    struct vgt_mapping mapping = vgt_window_map_sysfs(0, TABLE, TABLE_SIZE);
    uint32_t count = TABLE_SIZE / 8;
    struct vgt_load_run *runs = calloc(count, sizeof(*runs));

    assert(mapping.window && runs);
    assert(vgt_window_load64_runs(mapping.window, TABLE, count, runs).error == 0);
    /* Nothing below the share, and then its first page. */
    assert(runs[0].value == 0 && runs[0].count == 0x31c7);
    assert(runs[1].value == 0x200000001 + 0x31c7000 && runs[1].count == 1);
    for (uint32_t entry = 0x31c7 - 40; entry < 0x31c7 + 8; entry++)
        compare_with_loads(mapping.window, TABLE + 8 * entry);
    vgt_window_unmap(mapping.window);
    free(runs);
    /* Past the end of resource0. */
    assert(vgt_window_map_sysfs(0, 16 << 20, 4096).step == VGT_STEP_SIZE);
}

static void look_at_bus(void)
{
    struct vgt_pci_function function;

    assert(vgt_pci_open() == 0);
    assert(vgt_pci_open() == EBUSY);
    assert(vgt_pci_display_count() == 1);
    function = vgt_pci_display(0);
    assert(function.device_id == 0x1912 && function.revision == 6 && function.error == 0);
    assert(function.has_command && function.command == 0x407);
    assert(function.has_gmch_control && function.gmch_control == 0xc0);
    assert(function.bar0.size == 16 << 20 && function.bar2.size == 256 << 20);
    assert(vgt_pci_exists(0, 0, 2, 0) && !vgt_pci_exists(0, 0, 3, 0));
    read_page();
    read_table();
    vgt_pci_close();
    vgt_pci_close();
}

/* In a process of its own: the sanitizers read files as this one ends. */
static void confine(void)
{
    int status = 0;

    if (fork() == 0) {
        assert(vgt_deny_writes("/tmp") == 0);
        assert(vgt_deny_access("/tmp") == 0);
        _exit(vgt_landlock_version() <= 0 || vgt_pci_open() == EACCES ? 0 : 1);
    }
    wait(&status);
    assert(status == 0);
}

int main(void)
{
    struct vgt_journal journal;

    look_at_bus();
    look_at_bus();
    assert(vgt_i915_aperture(-1).error == EBADF);
    assert(vgt_i915_fences(-1).error == EBADF);
    assert(vgt_window_map_devmem(0, PAGE, 4096).step == VGT_STEP_OPEN);
    journal = vgt_journal_open();
    if (journal.error == 0)
        vgt_journal_close(journal);
    vgt_interrupt_note();
    assert(!vgt_interrupt_noted());
    confine();
    return 0;
}
