# The vGPU as seen from the guest: what it is, and whether it is there. For sh.
# shellcheck shell=dash disable=SC2086 # busybox sh; names without spaces

# shellcheck source=Tests/System/device/control.sh
. /lib/control.sh

if [ -e /etc/guest/vmd ]; then
	function=10000:00:02.0
	in_domain=msi=1 # there are no interrupt lines
else
	function=0000:00:02.0
	in_domain=
fi
device=/sys/bus/pci/devices/$function

# The parameters of a configuration: those of the device, and i915's own.
parameters_of() {
	grep "^$1 *|" /root/configurations | cut -d '|' -f 3 | sed 's/i915\.[^ ]*//g; s/firmware//'
}
driver_parameters_of() {
	grep "^$1 *|" /root/configurations | cut -d '|' -f 3 | grep -o 'i915\.[^ ]*' | cut -d . -f 2-
}

# Where the kernel looks for firmware, in the case that a configuration has some.
find_firmware_of() {
	grep -q "^$1 *|.* firmware" /root/configurations &&
		printf /lib/guc-firmware >/sys/module/firmware_class/parameters/path
}

# Shows the function of a configuration, with further parameters.
show() {
	local parameters
	parameters="$(parameters_of "$1")"
	shift
	# shellcheck disable=SC2048,SC2086 # several parameters
	control show $in_domain $parameters $*
	echo 1 >/sys/bus/pci/rescan
	release
	case " $parameters " in
	*" memory_decoding=0 "*) ;;
	*) enable_memory ;;
	esac
}

# Takes the function from pci-stub, which has it where that is loaded.
release() {
	[ ! -e /sys/bus/pci/drivers/pci-stub/$function ] ||
		echo $function >/sys/bus/pci/drivers/pci-stub/unbind
}

# Turns memory decoding on, as firmware does; lockdown leaves only the second way.
enable_memory() {
	printf '\002\000' | dd of=$device/config bs=2 seek=2 conv=notrunc 2>/dev/null ||
		echo 1 >$device/enable
}

hide() {
	echo 1 >$device/remove
}
