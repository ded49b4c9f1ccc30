#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs libvae4j.so.0 of native/build.sh for programs in C and other languages: ARCHIVE is a tar.gz.
# usage: native/package.sh LIBRARY ARCHIVE VERSION TIME
# The name of ARCHIVE ends in -linux-x86_64.tar.gz or -linux-arm64.tar.gz.
# The same files give the same bytes; TIME is that of every file in the archive. BUILD_PATH (set by
# the JavaCPP plugin) names the folder of oneDNN and its libgomp, which are packed too.
set -euo pipefail

library=$1
archive=$2
version=$3
time=$4
native=$(cd "$(dirname "$0")" && pwd)
soname=$(basename "$library")
release=${version%-SNAPSHOT}

work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
name=$(basename "$archive" .tar.gz)
root=$work/$name
case $name in
  *-linux-x86_64) machine=linux-x86_64 platform=x86-64 processors='x86_64|AMD64' ;;
  *-linux-arm64) machine=linux-arm64 platform=arm64 processors='aarch64|arm64' ;;
  *)
    echo "package.sh: expected an archive ...-linux-x86_64.tar.gz or ...-linux-arm64.tar.gz, given $archive" >&2
    exit 1
    ;;
esac
onednn=$("$native/onednn.sh" "$machine")
mkdir -p "$root"/{include,examples,licenses,lib/pkgconfig,lib/cmake/vae4j}

fill() { # TEMPLATE FILE
  sed -e "s/@VERSION@/$version/g" -e "s/@RELEASE@/$release/g" -e "s/@SONAME@/$soname/g" \
    -e "s/@PLATFORM@/$platform/g" -e "s/@PROCESSORS@/$processors/g" "$1" > "$2"
}

cp "$library" "$root/lib/libvae4j.so.$release"
if [[ $soname != "libvae4j.so.$release" ]]; then ln -s "libvae4j.so.$release" "$root/lib/$soname"; fi
ln -s "$soname" "$root/lib/libvae4j.so"
cp "$onednn/libdnnl.so.3" "$onednn/libgomp.so.1" "$root/lib"
cp "$native"/include/* "$root/include"
cp -r "$native"/examples/. "$root/examples"
cp "$native"/package/licenses/* "$root/licenses"
cp "$native/../LICENSE" "$root/licenses/vae4j.txt"
fill "$native/package/README.md" "$root/README.md"
fill "$native/package/vae4j.pc" "$root/lib/pkgconfig/vae4j.pc"
for file in vae4jConfig.cmake vae4jConfigVersion.cmake; do
  fill "$native/package/$file" "$root/lib/cmake/vae4j/$file"
done

find "$root" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$root"/lib/*.so.* "$root"/examples/*.py
LC_ALL=C tar -C "$work" -c --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
  --mtime="$time" "$name" | gzip -n > "$work/archive"
mv "$work/archive" "$archive"
