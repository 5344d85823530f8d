// SPDX-License-Identifier: GPL-2.0
/*
 * vfio-read - reads regions of a mediated device, as QEMU does for a guest
 *
 *	vfio-read UUID REGION:OFFSET:BYTES...
 *
 * OFFSET is hexadecimal; region 0 is BAR 0, 7 configuration space. Prints what
 * was asked for and the value, or the error, a line each. A virtual machine is
 * attached, since kvmgt opens a vGPU for none else.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/vfio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int checked(int result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "vfio-read: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

static int open_group(const char *uuid)
{
	char path[256], link[256];
	ssize_t length;
	int container, group, kvm, machine;
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_VFIO };
	struct kvm_device_attr attribute = {
		.group = KVM_DEV_VFIO_GROUP, .attr = KVM_DEV_VFIO_GROUP_ADD,
		.addr = (uintptr_t)&group,
	};

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	length = checked(readlink(path, link, sizeof(link) - 1), path);
	link[length] = 0;
	snprintf(path, sizeof(path), "/dev/vfio%s", strrchr(link, '/'));
	container = checked(open("/dev/vfio/vfio", O_RDWR), "/dev/vfio/vfio");
	group = checked(open(path, O_RDWR), path);
	checked(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container), "the container");
	checked(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), "the IOMMU");
	kvm = checked(open("/dev/kvm", O_RDWR), "/dev/kvm");
	machine = checked(ioctl(kvm, KVM_CREATE_VM, 0), "the virtual machine");
	checked(ioctl(machine, KVM_CREATE_DEVICE, &device), "its VFIO");
	checked(ioctl(device.fd, KVM_SET_DEVICE_ATTR, &attribute), "the group in it");
	return group;
}

int main(int argc, char **argv)
{
	int device;

	if (argc < 3) {
		fprintf(stderr, "usage: vfio-read UUID REGION:OFFSET:BYTES...\n");
		return 2;
	}
	device = checked(ioctl(open_group(argv[1]), VFIO_GROUP_GET_DEVICE_FD, argv[1]), argv[1]);
	for (int i = 2; i < argc; i++) {
		struct vfio_region_info region = { .argsz = sizeof(region) };
		unsigned int index, offset, bytes;
		uint64_t value = 0;

		if (sscanf(argv[i], "%u:%x:%u", &index, &offset, &bytes) != 3 ||
		    bytes > sizeof(value)) {
			fprintf(stderr, "vfio-read: what is %s?\n", argv[i]);
			return 2;
		}
		region.index = index;
		checked(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region), argv[i]);
		if (pread(device, &value, bytes, region.offset + offset) < 0)
			printf("%s %s\n", argv[i], strerror(errno));
		else
			printf("%s 0x%0*llx\n", argv[i], (int)bytes * 2, (unsigned long long)value);
	}
	return 0;
}
