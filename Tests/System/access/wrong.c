/* Maps the page as vgt-balloon does and reads it as it never should: what the
 * check of the accesses must refuse. The argument says which way. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const int offsets[] = {0x00, 0x08, 0x10, 0x40, 0x48, 0x50};
static const int widths[] = {8, 8, 4, 8, 8, 4};

static uint64_t load(const volatile uint8_t *page, int offset, int width)
{
    if (width == 8)
        return *(const volatile uint64_t *)(page + offset);
    return *(const volatile uint32_t *)(page + offset);
}

int main(int count, char **arguments)
{
    const char *fault = count > 1 ? arguments[1] : "";
    int file = open("/sys/bus/pci/devices/0000:00:02.0/resource0", O_RDONLY);
    volatile uint8_t *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0x78000);
    uint64_t sum = 0;

    if (page == MAP_FAILED)
        return 2;
    for (int index = 0; index < 6; index++) {
        int wide = strcmp(fault, "wide") == 0 && index == 5;
        int at = strcmp(fault, "order") == 0 && index >= 4 ? 9 - index : index;

        if (strcmp(fault, "missing") == 0 && index == 2)
            continue;
        sum += load(page, offsets[at], wide ? 8 : widths[at]);
    }
    if (strcmp(fault, "twice") == 0)
        sum += load(page, 0, 8);
    if (strcmp(fault, "further") == 0)
        sum += load(page, 0x804, 4);
    return sum == 0 ? 3 : 0;
}
