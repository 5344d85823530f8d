/* The least that a C program must do to read the page: libpciaccess's start,
 * the first Intel display function, its probe, one page mapped, six loads. */
#include <pciaccess.h>
#include <stdint.h>
#include <stdio.h>

int main(void)
{
    const struct pci_id_match match = {
        0x8086, PCI_MATCH_ANY, PCI_MATCH_ANY, PCI_MATCH_ANY, 0x030000, 0xff0000, 0};
    struct pci_device *device;
    void *memory = NULL;
    const volatile uint64_t *words;
    const volatile uint32_t *halves;
    uint64_t magic, version, mappable, unmappable;
    uint32_t caps, fences;

    if (pci_system_init())
        return 1;
    device = pci_device_next(pci_id_match_iterator_create(&match));
    if (!device || pci_device_probe(device))
        return 1;
    if (pci_device_map_range(device, device->regions[0].base_addr + 0x78000, 4096, 0, &memory))
        return 1;
    words = memory;
    halves = memory;
    magic = words[0];
    version = words[1];
    caps = halves[4];
    mappable = words[8];
    unmappable = words[9];
    fences = halves[20];
    printf("%llx %llx %x %llx %llx %x\n", (unsigned long long)magic, (unsigned long long)version,
           caps, (unsigned long long)mappable, (unsigned long long)unmappable, fences);
    return 0;
}
