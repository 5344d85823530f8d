# The vGPU as seen from the guest: what it is, and whether it is there. For sh.
# shellcheck shell=sh

if [ -e /etc/guest/vmd ]; then
	function=10000:00:02.0
	in_domain=msi=1 # there are no interrupt lines
else
	function=0000:00:02.0
	in_domain=
fi
device=/sys/bus/pci/devices/$function

# A line to the device, and its answer, which ends with a line ".".
control() {
	exec 3<>/dev/control
	echo "$*" >&3
	while IFS= read -r line <&3 && [ "$line" != . ]; do
		echo "$line"
	done
	exec 3>&-
}

# The parameters of a configuration: those of the device, without i915's own.
parameters_of() {
	grep "^$1 *|" /root/configurations | cut -d '|' -f 3 | sed 's/i915\.[^ ]*//g'
}

driver_parameters_of() {
	grep "^$1 *|" /root/configurations | cut -d '|' -f 3 | grep -o 'i915\.[^ ]*' | cut -d . -f 2-
}

# Shows the function of a configuration, with further parameters.
show() {
	local parameters
	parameters="$(parameters_of "$1")"
	shift
	# shellcheck disable=SC2048,SC2086 # several parameters
	control show $in_domain $parameters $*
	echo 1 >/sys/bus/pci/rescan
	case " $parameters " in
	*" memory_decoding=0 "*) ;;
	*) enable ;;
	esac
}

# Turns memory decoding on, as firmware does; lockdown leaves only the second way.
enable() {
	printf '\002\000' | dd of=$device/config bs=2 seek=2 conv=notrunc 2>/dev/null ||
		echo 1 >$device/enable
}

hide() {
	echo 1 >$device/remove
}
