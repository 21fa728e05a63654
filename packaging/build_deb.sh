#!/usr/bin/env bash
# Makes jaring_VERSION_ARCH.deb of the release build.
# Usage: packaging/build_deb.sh [FOLDER]   (default build/package)
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-build/package}
binary=build/release/jaring
if [ ! -x "$binary" ]; then
  echo "build_deb: $binary is missing; run tools/build_binary.sh" >&2
  exit 2
fi
version=$("$binary" --version | awk '{print $2}')
architecture=$(dpkg --print-architecture)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

mkdir -p "$out"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"

# What the program needs at run time: Debian's packages of the libraries it names.
depends() {
  local library file real packages=()
  for library in $(objdump -p "$binary" | awk '$1 == "NEEDED" {print $2}'); do
    file=$(ldd "$binary" | awk -v name="$library" '$1 == name {print $3}')
    [ -n "$file" ] || continue # The loader itself.
    # Where /lib is a link, dpkg knows the file by either name.
    real=$(readlink -f "$file")
    packages+=("$( (dpkg-query -S "$real" || dpkg-query -S "${real#/usr}") 2>/dev/null |
      head -n 1 | cut -d: -f1)")
  done
  printf '%s\n' adduser "${packages[@]}" | sort -u | paste -sd, | sed 's/,/, /g'
}

# The manual: what the program says of itself.
manual() {
  printf '.TH JARING 1 "" "jaring %s" "Jaring"\n.SH NAME\n' "$version"
  printf 'jaring \\- brings informal workers in and keeps them covered\n.SH COMMANDS\n.nf\n'
  "$binary" --help-all | sed -e 's/\\/\\\\/g' -e "s/^[.']/\\\\\&&/" -e 's/-/\\-/g'
  printf '.fi\n.SH FILES\n/etc/jaring/jaring.toml\n.br\n/usr/share/doc/jaring/OPERATORS.md\n'
}

install -D -m 0755 -s "$binary" "$root/usr/bin/jaring"
for folder in data schemes migrations api; do
  find "$folder" -type f ! -name '.*' ! -name checksums.txt -print0 |
    while IFS= read -r -d '' file; do
      install -D -m 0644 "$file" "$root/usr/share/jaring/$file"
    done
done
tools/build_web.sh >&2
[ -e web/dist/worker.html ] || echo "build_deb: the package has no app, only the plain pages" >&2
mkdir -p web/dist
find web/dist -maxdepth 1 -type f -print0 | while IFS= read -r -d '' file; do
  install -D -m 0644 "$file" "$root/usr/share/jaring/$file"
done
install -D -m 0644 packaging/jaring.toml "$root/etc/jaring/jaring.toml"
for unit in jaring.service jaring-backup.service jaring-backup.timer; do
  install -D -m 0644 "packaging/$unit" "$root/lib/systemd/system/$unit"
done
install -D -m 0644 docs/OPERATORS.md "$root/usr/share/doc/jaring/OPERATORS.md"
install -D -m 0644 NOTICE "$root/usr/share/doc/jaring/NOTICE"
install -D -m 0644 packaging/debian/copyright "$root/usr/share/doc/jaring/copyright"
install -d -m 0755 "$root/usr/share/man/man1"
manual | gzip -9n >"$root/usr/share/man/man1/jaring.1.gz"
chmod 0644 "$root/usr/share/man/man1/jaring.1.gz"
printf 'jaring (%s) stable; urgency=medium\n\n  * See the history of the repository.\n\n -- %s  %s\n' \
  "$version" "the Jaring maintainers <maintainers@jaring.invalid>" \
  "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$root/usr/share/doc/jaring/changelog.gz"
chmod 0644 "$root/usr/share/doc/jaring/changelog.gz"

install -d -m 0755 "$root/DEBIAN"
for script in postinst prerm postrm; do
  install -m 0755 "packaging/debian/$script" "$root/DEBIAN/$script"
done
echo /etc/jaring/jaring.toml >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/control" <<CONTROL
Package: jaring
Version: $version
Architecture: $architecture
Maintainer: the Jaring maintainers <maintainers@jaring.invalid>
Installed-Size: $(du -ks --apparent-size --exclude=DEBIAN "$root" | cut -f1)
Depends: $(depends)
Section: admin
Priority: optional
Description: brings informal workers into social security and keeps them covered
 One book behind all doors of a social-security scheme: lists of workers become
 members with bills, money is posted once and buys months, cover can be proved.
CONTROL
(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z |
  xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$out/jaring_${version}_${architecture}.deb" >/dev/null
echo "$out/jaring_${version}_${architecture}.deb"
