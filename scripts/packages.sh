# The Debian packages that this project needs, in one place. To be sourced.
# shellcheck shell=bash disable=SC2034

# What the build needs beside the Swift toolchain.
build_packages=(libpciaccess-dev libdrm-dev)

# What the tests need beside that.
test_packages=(cmark-gfm gcc librsvg2-bin python3 python3-jsonschema shellcheck strace systemd util-linux
  valgrind)

# What scripts/test-package needs beside those.
package_test_packages=(binutils debootstrap fish lintian mandoc python3-pexpect udev xz-utils zsh)

# What scripts/test-guest needs beside those; scripts/guest says for what.
guest_test_packages=(apt busybox-static cpio gcc-12 kmod make qemu-system-x86)

# Prints those of the arguments that are not installed.
missing_packages() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || status=
    [[ $status == 'install ok installed' ]] || printf '%s\n' "$package"
  done
}

# Installs those of the arguments that are missing.
install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
}
