# The Debian packages that this project needs, in one place. To be sourced.
# shellcheck shell=bash disable=SC2034

# What the build needs beside the Swift toolchain.
build_packages=(libpciaccess-dev libdrm-dev pkg-config)

# What each part of scripts/test needs beside that.
guest_packages='apt busybox-static cpio debian-archive-keyring gcc kmod qemu-system-x86 util-linux
  xz-utils zstd'
declare -A packages_of=(
  [lint]='shellcheck'
  [swift]='cmark-gfm jq librsvg2-bin python3 python3-jsonschema strace systemd util-linux'
  [access]='gcc libc6-dev python3 util-linux valgrind'
  [faults]='python3 strace time util-linux'
  [corpus]=''
  [fuzz]=''
  [sanitizers]='python3 util-linux'
  [package]='binutils debootstrap fish git lintian mandoc python3 python3-pexpect rpm strace systemd
    udev util-linux xz-utils zsh'
  [minimal]='debootstrap python3 util-linux'
  [guest]="python3 $guest_packages"
  [host]="python3 $guest_packages"
  [udev]="binutils debootstrap python3 util-linux xz-utils $guest_packages"
)
packages_of[generated]=${packages_of[swift]}
packages_of[sanitizers]+=" ${packages_of[swift]}"

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
