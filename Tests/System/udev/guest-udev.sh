#!/bin/sh
# Runs in the guest of scripts/guest --bare: a Debian 12 with a real udevd, the
# vGPU, and i915, which udevd itself loads. Prints what came of each step; run
# judges it.
#
# In /root: tree.tar (the Debian), package.deb, vgt-balloon.

# shellcheck source=Tests/System/guest/function.sh
. /lib/function.sh

event_timeout=$1
debian=/debian

# env finds the programs of that Debian; chroot here would run its own applets.
in_debian() { chroot $debian /usr/bin/env "$@"; }
as_user() { in_debian setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
section() { echo "== $1"; }
properties() { in_debian udevadm info --query=property $device; }
start_udevd() { in_debian /lib/systemd/systemd-udevd --daemon "$@" 2>&1; }
settle() { in_debian udevadm settle --timeout=3000; }
event() { in_debian udevadm trigger --action="$1" $device && settle; }
driver() { basename "$(readlink $device/driver || echo none)"; }
milliseconds() { in_debian date +%s%3N; }

mkdir $debian
mount -t tmpfs -o size=900M none $debian
tar -C $debian -xf tree.tar
rm tree.tar
for folder in proc sys dev lib/modules; do
	mkdir -p $debian/$folder
	mount -o bind /$folder $debian/$folder
done
mount -t tmpfs none $debian/run
cp package.deb $debian/root/
# In a chroot udevadm does nothing unless told to.
export SYSTEMD_IGNORE_CHROOT=1
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin

# As at boot: the function is there before udevd, and i915 comes later.
echo 'blacklist i915' >$debian/etc/modprobe.d/later.conf
show middle
in_debian dpkg -i /root/package.deb >/dev/null 2>&1
start_udevd
in_debian udevadm trigger --action=add
settle
section coldplug
properties
echo "DRIVER_NOW=$(driver)"

rm $debian/etc/modprobe.d/later.conf
in_debian udevadm control --reload
event add
until [ "$(driver)" = i915 ]; do sleep 1; done
settle
section bind
properties
echo "DRIVER_NOW=$(driver)"

section change
event change
properties

section root
in_debian vgt-balloon --format json 2>/dev/null
section user
as_user vgt-balloon --format json 2>/debian/run/message
section user.message
cat $debian/run/message
section user.info
as_user udevadm info --query=property $device

section test
in_debian udevadm test --action=change $device 2>&1

section purge
in_debian dpkg --purge vgt-balloon >/dev/null 2>&1
properties
section install
in_debian dpkg -i /root/package.deb >/dev/null 2>&1
properties

section remove
rmmod i915
hide
settle
find $debian/run/udev/data -name "*$function*"
section add-later
show middle
until [ "$(driver)" = i915 ]; do sleep 1; done
settle
properties

mask=$debian/etc/udev/rules.d/65-vgt-balloon.rules
section pairs
for _ in $(seq 3); do
	for rule in with without without with; do
		[ $rule = with ] || ln -s /dev/null $mask
		in_debian udevadm control --reload
		settle
		start=$(milliseconds)
		in_debian udevadm trigger
		settle
		echo "$rule $(($(milliseconds) - start))"
		rm -f $mask
	done
done

# Another helper in the place of ours. Only for that one udevd has little
# patience: on a busy machine the rules of any event may take some seconds.
restart_udevd() {
	in_debian udevadm control --exit
	start_udevd "$@"
}
for case in killed hanging; do
	case $case in
		killed) printf '#!/bin/sh\necho ID_GVTG=1\nkill -9 $$\n' ;;
		hanging) printf '#!/bin/sh\necho ID_GVTG=1\nexec sleep 1000\n' ;;
	esac >/root/$case
	mount -o bind /root/$case $debian/usr/bin/vgt-balloon
	chmod 755 /root/$case
	section $case
	[ $case = killed ] || restart_udevd --event-timeout="$event_timeout"
	start=$(milliseconds)
	event change
	echo "MILLISECONDS=$(($(milliseconds) - start))"
	properties
	[ $case = killed ] || restart_udevd
	umount $debian/usr/bin/vgt-balloon
	echo "DRIVER_NOW=$(driver)"
	echo "DETECTED=$(in_debian vgt-balloon detect)"
	event change
	section $case.again
	properties
done
section end
