# What one does on a GVT-g host, by name. For sh.
# shellcheck shell=dash disable=SC2086,SC2231 # busybox sh; names without spaces

# shellcheck source=Tests/System/device/control.sh
. /lib/control.sh

gpu=0000:00:02.0
instances=/sys/bus/mdev/devices

load_drivers() {
	# Without a display i915 waits for none; kvmgt wants none either.
	modprobe i915 enable_gvt=1 enable_guc=0 disable_display=1
	modprobe -a kvm-amd vfio_iommu_type1
	# From 5.19 on the host's part of GVT-g is a module.
	modprobe kvmgt 2>/dev/null
	modprobe vfio_mdev 2>/dev/null
	[ -e /sys/class/mdev_bus/$gpu ]
}

unload_drivers() {
	rmmod kvmgt 2>/dev/null
	rmmod vfio_mdev 2>/dev/null
	rmmod i915
}

# The types with what the host says of each: i915-GVTg_V5_8 2 64MB 384MB
types() {
	for type in /sys/class/mdev_bus/$gpu/mdev_supported_types/*; do
		[ -e "$type" ] || continue
		echo "${type##*/} $(cat "$type/available_instances")" \
			"$(sed -n 's/.*_gm_size: //p' "$type/description" | tr '\n' ' ')"
	done
}

uuid() {
	printf '00000000-0000-4000-8000-%012d' "$1"
}

# create TYPE NUMBER: a vGPU; TYPE is 8, 4, 2 or 1, or the name of one.
create() {
	uuid "$2" >"$(echo /sys/class/mdev_bus/$gpu/mdev_supported_types/*_"${1##*_}")/create"
}

destroy() {
	echo 1 >$instances/"$(uuid "$1")"/remove
}

destroy_all() {
	for instance in $instances/*; do
		[ ! -e "$instance" ] || echo 1 >"$instance/remove"
	done
}

# The vGPUs that there are: NUMBER TYPE and the page's six words, and GMCH control.
vgpus() {
	for instance in $instances/*; do
		[ -e "$instance" ] || continue
		# The twelve digits, less the leading zeros.
		echo "$((1${instance##*-} - 1000000000000))" \
			"$(basename "$(readlink "$instance/mdev_type")")" \
			"$(vfio-read "${instance##*/}" 0:78000:8 0:78008:8 0:78010:4 0:78040:8 \
				0:78048:8 0:78050:4 7:50:2 | cut -d ' ' -f 2 | tr '\n' ' ')"
	done
}

# A guest with the vGPU of that number; further arguments are QEMU's. Its kernel
# is as the host's. kvm=off: else i915 clears its whole share of the GGTT, each
# entry a trap. The console of the framebuffer would be drawn through traps, too.
guest() {
	local number=$1 folder
	folder=$(cat /etc/host/folder)
	shift
	chroot /host qemu-system-x86_64 -accel kvm -machine pc -cpu host,kvm=off -smp 1 -m 512M \
		-nodefaults -display none -vga none -no-reboot \
		-kernel "$folder/nested-kernel" -initrd "$folder/nested-initramfs" \
		-append "console=ttyS0 loglevel=1 panic=-1 mitigations=off nokaslr tsc=reliable no_timer_check drm_kms_helper.fbdev_emulation=0" \
		-device "vfio-pci,sysfsdev=/sys/bus/mdev/devices/$(uuid "$number"),addr=05.0,rombar=0" "$@"
}

# The same with a shell on this terminal.
guest_shell() {
	guest "$1" -serial mon:stdio
}

# The same with what Tests/System/host/nested records in it.
guest_records() {
	rm -f /host/run/records /host/run/errors /host/run/status
	guest "$1" -serial file:/run/console -device virtio-serial-pci \
		-chardev file,id=port1,path=/run/records -device virtserialport,nr=1,chardev=port1 \
		-chardev file,id=port2,path=/run/errors -device virtserialport,nr=2,chardev=port2 \
		-chardev file,id=port3,path=/run/status -device virtserialport,nr=3,chardev=port3
	cat /host/run/records
}
