// SPDX-License-Identifier: GPL-2.0
/*
 * vgt_function - a PCI function that looks like an Intel GVT-g virtual GPU
 *
 * The unmodified i915 driver binds to it, finds the PV info page, reserves the
 * parts of the graphics address space that belong to other guests, and says so
 * in the kernel log. That makes the driver an oracle for programs that compute
 * the same thing, on machines without Intel graphics.
 *
 * The function is 0001:00:02.0, alone with a host bridge on a PCI bus of its
 * own. Configuration space is two byte arrays; the memory behind BAR 0 and
 * BAR 2 is RAM that the kernel command line took away from the kernel:
 *
 *	memmap=1G$0x40000000
 *
 * Nothing but this page and the size registers is modelled. All other
 * registers are plain memory that reads as it was last written.
 *
 * The values of the PV info page can be changed while the function exists:
 *
 *	echo 5 > /sys/module/vgt_function/parameters/fence_count
 *
 * The other parameters describe the function itself and are fixed on loading.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/io.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#define DOMAIN			1
#define FUNCTION_DEVFN		PCI_DEVFN(2, 0)
#define BRIDGE_DEVFN		PCI_DEVFN(0, 0)

/* Both lie in the memory named above; a BAR is aligned to its own size. */
#define BAR0_ADDRESS		0x40000000ul
#define BAR0_SIZE		SZ_16M
#define BAR2_ADDRESS		0x60000000ul
#define BAR2_SIZE_MAX		SZ_512M

#define GMCH_CONTROL		0x50	/* in configuration space, 16 bits */
#define GMCH_GGMS_SHIFT		6	/* of generation 8 and later */

#define PVINFO_OFFSET		0x78000	/* in BAR 0 */
#define PVINFO_SIZE		SZ_4K

#define DISPLAY_FUSES		0x51000	/* in BAR 0, of generation 9 */
#define PIPES_FUSED_OFF		(BIT(30) | BIT(28) | BIT(21))

/* i915 insists on an interrupt, which then never comes. */
#define INTERRUPT		10

/* -------------------------------------------------------------------------
 * The PV info page: parameters that can be changed at any time
 */

/**
 * struct field - one value of the PV info page
 * @offset: where in the page
 * @width: in bits
 * @value: what the page holds there
 */
struct field {
	unsigned int offset;
	unsigned int width;
	u64 value;
};

/* The mapped page, or NULL while there is no function. */
static void __iomem *pvinfo;
static DEFINE_MUTEX(pvinfo_lock);

static void write_field(const struct field *field)
{
	void __iomem *address = pvinfo + field->offset;

	switch (field->width) {
	case 16:
		writew(field->value, address);
		break;
	case 32:
		writel(field->value, address);
		break;
	case 64:
		writeq(field->value, address);
		break;
	}
}

static int set_field(const char *text, const struct kernel_param *kp)
{
	struct field *field = kp->arg;
	u64 value;
	int err;

	err = kstrtou64(text, 0, &value);
	if (err)
		return err;
	if (value > GENMASK_ULL(field->width - 1, 0))
		return -ERANGE;

	mutex_lock(&pvinfo_lock);
	field->value = value;
	if (pvinfo)
		write_field(field);
	mutex_unlock(&pvinfo_lock);
	return 0;
}

static int get_field(char *buffer, const struct kernel_param *kp)
{
	const struct field *field = kp->arg;

	return sysfs_emit(buffer, "0x%llx\n", field->value);
}

static const struct kernel_param_ops field_ops = {
	.set = set_field,
	.get = get_field,
};

#define FIELD(_name, _offset, _width, _value, _description)		\
	static struct field _name = {					\
		.offset = _offset, .width = _width, .value = _value,	\
	};								\
	module_param_cb(_name, &field_ops, &_name, 0644);		\
	MODULE_PARM_DESC(_name, _description)

/* The defaults are those of a small vGPU on a host with a 256 MiB aperture. */
FIELD(magic,		0x00, 64, 0x4776544776544776, "what marks the page");
FIELD(version_major,	0x08, 16, 1, "of the interface");
FIELD(version_minor,	0x0a, 16, 0, "of the interface");
FIELD(vgt_id,		0x0c, 32, 1, "number of the vGPU on its host");
FIELD(caps,		0x10, 32, 0x1c, "bits: 2 full ppGTT, 3 HWSP emulation, 4 huge GTT");
FIELD(mappable_base,	0x40, 32, 0, "first byte of the share of the aperture");
FIELD(mappable_size,	0x44, 32, SZ_64M, "its size in bytes");
FIELD(unmappable_base,	0x48, 32, SZ_512M, "first byte of the share above the aperture");
FIELD(unmappable_size,	0x4c, 32, 384 * SZ_1M, "its size in bytes");
FIELD(fence_count,	0x50, 32, 4, "number of fence registers");

static const struct field *const fields[] = {
	&magic, &version_major, &version_minor, &vgt_id, &caps,
	&mappable_base, &mappable_size, &unmappable_base, &unmappable_size,
	&fence_count,
};

/*
 * Forgets what a driver has written to the registers of an earlier function, and
 * fuses the display off. With one, i915 would wait seconds for it to answer, and
 * warn of each register on the way that reads as zero.
 */
static int reset_registers(void)
{
	void __iomem *registers = ioremap(BAR0_ADDRESS, BAR0_SIZE);

	if (!registers)
		return -ENOMEM;
	memset_io(registers, 0, BAR0_SIZE);
	writel(PIPES_FUSED_OFF, registers + DISPLAY_FUSES);
	iounmap(registers);
	return 0;
}

static int map_pvinfo(void)
{
	void __iomem *page = ioremap(BAR0_ADDRESS + PVINFO_OFFSET, PVINFO_SIZE);
	int i;

	if (!page)
		return -ENOMEM;

	mutex_lock(&pvinfo_lock);
	pvinfo = page;
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		write_field(fields[i]);
	mutex_unlock(&pvinfo_lock);
	return 0;
}

static void unmap_pvinfo(void)
{
	void __iomem *page;

	mutex_lock(&pvinfo_lock);
	page = pvinfo;
	pvinfo = NULL;
	mutex_unlock(&pvinfo_lock);
	iounmap(page);
}

/* -------------------------------------------------------------------------
 * The function: parameters that are fixed on loading
 */

static ushort device_id = 0x1912;
module_param(device_id, ushort, 0444);
MODULE_PARM_DESC(device_id, "PCI device id (default 0x1912, Skylake GT2)");

static u8 revision = 6;
module_param(revision, byte, 0444);
MODULE_PARM_DESC(revision, "PCI revision");

static uint ggms = 3;
module_param(ggms, uint, 0444);
MODULE_PARM_DESC(ggms, "GGTT size: 0 none, 1 for 1 GiB, 2 for 2 GiB, 3 for 4 GiB (default)");

static uint aperture = 256;
module_param(aperture, uint, 0444);
MODULE_PARM_DESC(aperture, "size of BAR 2 in MiB: a power of two, at most 512 (default 256)");

static bool memory_decoding = true;
module_param(memory_decoding, bool, 0444);
MODULE_PARM_DESC(memory_decoding, "whether COMMAND enables the BARs from the start");

static bool bar0_assigned = true;
module_param(bar0_assigned, bool, 0444);
MODULE_PARM_DESC(bar0_assigned, "whether BAR 0 has an address");

/* -------------------------------------------------------------------------
 * Configuration space
 */

/**
 * struct config - the configuration space of one function
 * @bytes: what a read returns
 * @writable: the bits that a write changes; sizing a BAR relies on the others
 */
struct config {
	u8 bytes[PCI_CFG_SPACE_SIZE];
	u8 writable[PCI_CFG_SPACE_SIZE];
};

static struct config bridge;
static struct config function;

static struct config *config_at(unsigned int devfn)
{
	switch (devfn) {
	case BRIDGE_DEVFN:
		return &bridge;
	case FUNCTION_DEVFN:
		return &function;
	default:
		return NULL;
	}
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	const struct config *config = config_at(devfn);
	int i;

	*value = 0;
	if (!config || where + size > PCI_CFG_SPACE_SIZE) {
		PCI_SET_ERROR_RESPONSE(value);
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	for (i = 0; i < size; i++)
		*value |= (u32)config->bytes[where + i] << (8 * i);
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	struct config *config = config_at(devfn);
	int i;

	if (!config || where + size > PCI_CFG_SPACE_SIZE)
		return PCIBIOS_DEVICE_NOT_FOUND;
	for (i = 0; i < size; i++) {
		u8 *byte = &config->bytes[where + i];
		u8 writable = config->writable[where + i];

		*byte = (*byte & ~writable) | ((value >> (8 * i)) & writable);
	}
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = {
	.read = config_read,
	.write = config_write,
};

static void put(u8 *space, int where, int size, u32 value)
{
	int i;

	for (i = 0; i < size; i++)
		space[where + i] = value >> (8 * i);
}

static void put_memory_bar(struct config *config, int bar, u32 address,
			   u32 size, u32 flags)
{
	int where = PCI_BASE_ADDRESS_0 + 4 * bar;

	flags |= PCI_BASE_ADDRESS_MEM_TYPE_64;
	put(config->bytes, where, 4, address | flags);
	put(config->writable, where, 4, ~(size - 1));
	put(config->writable, where + 4, 4, ~0);
}

/* i915 looks for the host bridge of its own domain and gives up without. */
static void build_bridge(void)
{
	memset(&bridge, 0, sizeof(bridge));
	put(bridge.bytes, PCI_VENDOR_ID, 2, PCI_VENDOR_ID_INTEL);
	put(bridge.bytes, PCI_DEVICE_ID, 2, 0x191f);
	put(bridge.bytes, PCI_CLASS_DEVICE, 2, PCI_CLASS_BRIDGE_HOST);
}

static void build_function(void)
{
	u16 command = memory_decoding ? PCI_COMMAND_MEMORY : 0;

	memset(&function, 0, sizeof(function));
	put(function.bytes, PCI_VENDOR_ID, 2, PCI_VENDOR_ID_INTEL);
	put(function.bytes, PCI_DEVICE_ID, 2, device_id);
	put(function.bytes, PCI_COMMAND, 2, command);
	put(function.writable, PCI_COMMAND, 2, PCI_COMMAND_MEMORY |
	    PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE);
	put(function.bytes, PCI_REVISION_ID, 1, revision);
	put(function.bytes, PCI_CLASS_DEVICE, 2, PCI_CLASS_DISPLAY_VGA);
	put(function.bytes, GMCH_CONTROL, 2, ggms << GMCH_GGMS_SHIFT);
	put_memory_bar(&function, 0, bar0_assigned ? BAR0_ADDRESS : 0,
		       BAR0_SIZE, 0);
	put_memory_bar(&function, 2, BAR2_ADDRESS, aperture * SZ_1M,
		       PCI_BASE_ADDRESS_MEM_PREFETCH);
}

/* -------------------------------------------------------------------------
 * The bus
 */

static struct resource windows[] = {
	DEFINE_RES_NAMED(BAR0_ADDRESS, BAR0_SIZE, "vgt_function registers",
			 IORESOURCE_MEM),
	DEFINE_RES_NAMED(BAR2_ADDRESS, BAR2_SIZE_MAX, "vgt_function aperture",
			 IORESOURCE_MEM | IORESOURCE_PREFETCH),
};

static struct resource numbers = {
	.name = "vgt_function bus",
	.start = 0,
	.end = 0,
	.flags = IORESOURCE_BUS,
};

static struct pci_sysdata sysdata = {
	.domain = DOMAIN,
	.node = NUMA_NO_NODE,
};

static struct pci_bus *bus;

static int create_bus(void)
{
	LIST_HEAD(resources);
	struct pci_dev *dev;
	int i;

	for (i = 0; i < ARRAY_SIZE(windows); i++)
		pci_add_resource(&resources, &windows[i]);
	pci_add_resource(&resources, &numbers);

	pci_lock_rescan_remove();
	bus = pci_create_root_bus(NULL, 0, &config_ops, &sysdata, &resources);
	if (!bus) {
		pci_unlock_rescan_remove();
		pci_free_resource_list(&resources);
		return -ENOMEM;
	}
	pci_scan_child_bus(bus);

	dev = pci_get_slot(bus, FUNCTION_DEVFN);
	if (dev) {
		/*
		 * Where this fails the BAR stays unassigned, as it would on a
		 * machine whose firmware had left it out.
		 */
		if (pci_claim_resource(dev, 0))
			pci_info(dev, "BAR 0 has no address\n");
		if (pci_claim_resource(dev, 2))
			pci_info(dev, "BAR 2 has no address\n");
		dev->irq = INTERRUPT;
		pci_dev_put(dev);
	}
	pci_bus_add_devices(bus);
	pci_unlock_rescan_remove();
	return 0;
}

static void remove_bus(void)
{
	pci_lock_rescan_remove();
	pci_stop_root_bus(bus);
	pci_remove_root_bus(bus);
	pci_unlock_rescan_remove();
}

static int __init vgt_function_init(void)
{
	int err;

	if (!is_power_of_2(aperture) || aperture * SZ_1M > BAR2_SIZE_MAX ||
	    ggms > 3) {
		pr_err("aperture or ggms is not one that a GPU could have\n");
		return -EINVAL;
	}
	/* Where the memory is the kernel's own, writing there would crash it. */
	if (region_intersects(BAR0_ADDRESS, SZ_1G, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("boot with memmap=1G$0x%lx\n", BAR0_ADDRESS);
		return -EBUSY;
	}

	build_bridge();
	build_function();
	err = reset_registers();
	if (err)
		return err;
	err = map_pvinfo();
	if (err)
		return err;
	err = create_bus();
	if (err)
		unmap_pvinfo();
	return err;
}
module_init(vgt_function_init);

static void __exit vgt_function_exit(void)
{
	remove_bus();
	unmap_pvinfo();
}
module_exit(vgt_function_exit);

MODULE_DESCRIPTION("A synthetic Intel GVT-g PCI function for tests");
MODULE_LICENSE("GPL");
