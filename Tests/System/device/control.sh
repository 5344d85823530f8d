# A line to the device from the machine that it is a part of. For sh.
# shellcheck shell=dash

# Prints the answer, which ends with a line ".".
control() {
	exec 3<>/dev/control
	echo "$*" >&3
	while IFS= read -r line <&3 && [ "$line" != . ]; do
		echo "$line"
	done
	exec 3>&-
}
