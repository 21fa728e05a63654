#!/usr/bin/env bash
# Installs the Debian packages of tools/packages.txt that are missing; does nothing when none is.
# Usage: tools/install_packages.sh PART…   (run, test, bench)
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -eq 0 ]; then
  echo "usage: tools/install_packages.sh PART…   parts: run test bench" >&2
  exit 2
fi
parts=" $* "

# "package" or "package/command": with a command, the package is not needed where the command is.
is_there() {
  local package=${1%%/*}
  if [ "$1" != "$package" ] && command -v "${1#*/}" >/dev/null 2>&1; then
    return 0
  fi
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]
}

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "install_packages: this is not Debian. Install what tools/packages.txt names by hand, then" \
    "run again with JARING_NO_INSTALL=1." >&2
  exit 1
fi

missing=()
while read -r part package _; do
  case "$part" in '' | '#'*) continue ;; esac
  case "$parts" in *" $part "*) ;; *) continue ;; esac
  is_there "$package" || missing+=("${package%%/*}")
done <tools/packages.txt
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "install_packages: missing ${missing[*]}; become root or install sudo, then run again." >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_get() {
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
    -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "install_packages: 'apt-get $*' failed (see above). Is the network up, and is this" \
      "Debian 12?" >&2
    exit 1
  fi
}
apt_get update
apt_get install --yes --no-install-recommends "${missing[@]}"
