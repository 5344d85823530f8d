#include "vgt_window.h"

#include <errno.h>
#include <fcntl.h>
#include <pciaccess.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vgt_session.h"
#include "vgt_volatile.h"

struct vgt_window {
    const volatile uint8_t *memory;
    uint32_t offset;
    uint32_t size;
    /* NULL for a window through /dev/mem. */
    struct pci_device *device;
};

static struct vgt_mapping failed(enum vgt_step step, int error)
{
    return (struct vgt_mapping){.step = step, .error = error};
}

static struct vgt_mapping mapped(
    void *memory, uint32_t offset, uint32_t size, struct pci_device *device)
{
    struct vgt_window *window = malloc(sizeof(*window));

    if (!window) {
        if (device)
            pci_device_unmap_range(device, memory, size);
        else
            munmap(memory, size);
        return failed(VGT_STEP_MAP, ENOMEM);
    }
    *window = (struct vgt_window){memory, offset, size, device};
    return (struct vgt_mapping){.window = window, .step = VGT_STEP_DONE};
}

/* libpciaccess answers ENOENT for several things and does not look at the
 * size, so resource0 is looked at before it maps. */
static struct vgt_mapping check_resource0(const struct pci_device *device, uint64_t end)
{
    char path[96];
    struct stat status;
    int file, error;

    snprintf(path, sizeof(path), VGT_SYSFS_DEVICES "/%04x:%02x:%02x.%u/resource0",
             device->domain, device->bus, device->dev, device->func);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failed(VGT_STEP_OPEN, errno);
    error = fstat(file, &status) == 0 ? 0 : errno;
    close(file);
    if (error)
        return failed(VGT_STEP_OPEN, error);
    if (status.st_size < 0 || (uint64_t)status.st_size < end)
        return failed(VGT_STEP_SIZE, ERANGE);
    return (struct vgt_mapping){.step = VGT_STEP_DONE};
}

struct vgt_mapping vgt_window_map_sysfs(size_t index, uint32_t offset, uint32_t size)
{
    struct pci_device *device = vgt_session_display(index);
    struct vgt_mapping checked = check_resource0(device, (uint64_t)offset + size);
    void *memory = NULL;
    int error;

    if (checked.step != VGT_STEP_DONE)
        return checked;
    /* Flags 0: read-only, and none of the flags that poke the MTRRs. */
    error = pci_device_map_range(device, device->regions[0].base_addr + offset, size, 0, &memory);
    if (error)
        return failed(VGT_STEP_MAP, error);
    /* Success without memory happens after the library's deprecated calls. */
    if (!memory)
        return failed(VGT_STEP_MAP, EFAULT);
    return mapped(memory, offset, size, device);
}

struct vgt_mapping vgt_window_map_devmem(uint64_t address, uint32_t offset, uint32_t size)
{
    int file = open("/dev/mem", O_RDONLY | O_SYNC | O_CLOEXEC);
    void *memory;
    int error;

    if (file < 0)
        return failed(VGT_STEP_OPEN, errno);
    memory = mmap(NULL, size, PROT_READ, MAP_SHARED, file, (off_t)(address + offset));
    error = errno;
    close(file);
    if (memory == MAP_FAILED)
        return failed(VGT_STEP_MAP, error);
    return mapped(memory, offset, size, NULL);
}

void vgt_window_unmap(struct vgt_window *window)
{
    void *memory = (void *)(uintptr_t)window->memory;

    if (window->device)
        pci_device_unmap_range(window->device, memory, window->size);
    else
        munmap(memory, window->size);
    free(window);
}

/* A load from a mapping whose device went away raises SIGBUS. The load itself
 * is the only code between the two, so the jump passes over nothing. */
static sigjmp_buf bus_error;
static volatile sig_atomic_t is_loading;

static void on_bus_error(int signal_number)
{
    if (is_loading)
        siglongjmp(bus_error, 1);
    /* Not ours: die of it, as without a handler. */
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void catch_bus_errors(void)
{
    static bool is_caught;
    struct sigaction action = {.sa_handler = on_bus_error, .sa_flags = SA_NODEFER};

    if (is_caught)
        return;
    is_caught = true;
    sigaction(SIGBUS, &action, NULL);
}

static bool is_inside(
    const struct vgt_window *window, uint32_t offset, uint64_t count, uint32_t width)
{
    return offset % width == 0 && offset >= window->offset &&
           offset - window->offset + count * width <= window->size;
}

struct vgt_loaded vgt_window_load32(const struct vgt_window *window, uint32_t offset)
{
    struct vgt_loaded loaded = {.error = ERANGE};

    if (!is_inside(window, offset, 1, sizeof(uint32_t)))
        return loaded;
    catch_bus_errors();
    if (sigsetjmp(bus_error, 0)) {
        is_loading = 0;
        return (struct vgt_loaded){.error = EFAULT};
    }
    is_loading = 1;
    loaded.value = vgt_volatile_load32(
        (const volatile uint32_t *)(window->memory + (offset - window->offset)));
    is_loading = 0;
    loaded.error = 0;
    return loaded;
}

struct vgt_loaded vgt_window_load64(const struct vgt_window *window, uint32_t offset)
{
    struct vgt_load_run run;
    struct vgt_load_runs runs = vgt_window_load64_runs(window, offset, 1, &run);

    return (struct vgt_loaded){.value = runs.error ? 0 : run.value, .error = runs.error};
}

static struct vgt_load_run *add(struct vgt_load_run *run, uint64_t value)
{
    if (run->value == value)
        run->count++;
    else
        *++run = (struct vgt_load_run){value, 1};
    return run;
}

/* So many loads are compared at once, since most of a table is one value. */
#define BATCH 8

/* Apart from the function that calls sigsetjmp, in which the compiler keeps
 * nothing in registers. Returns where the runs end. */
__attribute__((noinline)) static struct vgt_load_run *load_runs(
    const volatile uint64_t *loads, uint32_t count, struct vgt_load_run *run)
{
    const volatile uint64_t *end = loads + count;

    *run = (struct vgt_load_run){vgt_volatile_load64(loads++), 1};
    for (; end - loads >= BATCH; loads += BATCH) {
        uint64_t values[BATCH], differences = 0;

        for (int index = 0; index < BATCH; index++) {
            values[index] = vgt_volatile_load64(loads + index);
            differences |= values[index] ^ run->value;
        }
        if (differences == 0) {
            run->count += BATCH;
            continue;
        }
        for (int index = 0; index < BATCH; index++)
            run = add(run, values[index]);
    }
    while (loads < end)
        run = add(run, vgt_volatile_load64(loads++));
    return run + 1;
}

struct vgt_load_runs vgt_window_load64_runs(
    const struct vgt_window *window, uint32_t offset, uint32_t count, struct vgt_load_run *runs)
{
    const struct vgt_load_run *end;

    if (count == 0 || !is_inside(window, offset, count, sizeof(uint64_t)))
        return (struct vgt_load_runs){.error = ERANGE};
    catch_bus_errors();
    if (sigsetjmp(bus_error, 0)) {
        is_loading = 0;
        return (struct vgt_load_runs){.error = EFAULT};
    }
    is_loading = 1;
    end = load_runs(
        (const volatile uint64_t *)(window->memory + (offset - window->offset)), count, runs);
    is_loading = 0;
    return (struct vgt_load_runs){.count = (uint32_t)(end - runs)};
}
