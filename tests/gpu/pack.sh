#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs into .gpu/ all that tests/gpu/run.sh needs on a machine without Java, Maven and network:
#
#   mvn -q -B -ntp -DskipTests verify && bash tests/gpu/pack.sh
#
# A Java runtime of the modules that are used, the library with its sm_90 kernels and PTX, its jars
# (of their native libraries those that are loaded), the tests with JUnit's launcher, and the
# peers' programs from ../shared/bench/gpu where they are. MNIST is in the checkout. Nothing is
# fetched. Says the size of each part, and fails above 45 MiB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
most=$((45 << 20))

fail() {
  printf 'pack.sh: %s\n' "$1" >&2
  exit 1
}

for program in jlink xz zip unzip; do
  command -v $program >/dev/null || [[ $program == jlink && -x ${JAVA_HOME:-}/bin/jlink ]] || fail "there is no $program"
done
jlink=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}jlink" || command -v jlink)
[[ -f target/test-classpath.txt && -d target/classes/io/github/vae4j/kernels/sm_90 && -d target/test-classes ]] ||
  fail 'target/ is not complete: run mvn -q -B -ntp -DskipTests verify'

pack=$(mktemp -d)
trap 'rm -rf "$pack"' EXIT
mkdir "$pack/lib" "$pack/jar"

"$jlink" --add-modules java.base,java.desktop,java.logging,java.management,java.xml,jdk.management,jdk.unsupported \
  --strip-debug --no-header-files --no-man-pages --compress=0 --output "$pack/jre"
cp -r target/classes target/test-classes "$pack"
rm -rf "$pack/classes/io/github/vae4j/data/mnist"
for kernels in "$pack"/classes/io/github/vae4j/kernels/sm_*; do
  [[ ${kernels##*/} == sm_90 ]] || rm -r "$kernels"
done

# A jar whose entries are not compressed, so that xz sees into it; only the entries that are given.
stored() {
  rm -rf "$pack/jar"
  mkdir "$pack/jar"
  (cd "$pack/jar" && unzip -q "$@" && zip -q0r "$pack/lib/${1##*/}" .)
}
tr ':' '\n' <target/test-classpath.txt | while read -r jar; do
  case ${jar##*/} in
    cuda-*-linux-x86_64.jar) stored "$jar" 'org/bytedeco/cuda/linux-x86_64/libjnicudart.so' '*/libjnicublas.so' '*/libjnicudnn.so' '*/libjninvrtc.so' ;;
    dnnl-*-linux-x86_64.jar) stored "$jar" '*/libdnnl.so.3' '*/libgomp.so.1' ;;
    *onnxruntime* | *archunit* | *-windows-* | *-macosx-* | *-arm64*) ;;
    *) stored "$jar" ;;
  esac
done
rm -rf "$pack/jar"

if [[ -d ../shared/bench/gpu ]]; then
  mkdir "$pack/peers"
  cp ../shared/bench/gpu/*.py "$pack/peers"
else
  echo 'no peers: there is no ../shared/bench/gpu beside the checkout'
fi

mkdir -p .gpu
rm -rf .gpu/*
cp tests/gpu/run.sh .gpu
(cd "$pack" && tar --owner=0 --group=0 --sort=name -c -- *) | xz -T0 -6 >.gpu/bundle.tar.xz
printf '%-14s %8s\n' part 'KiB, not packed'
(cd "$pack" && du -sk -- *) | sort -rn | awk '{ printf "%-14s %8d\n", $2, $1 }'
size=$(stat -c %s .gpu/bundle.tar.xz)
printf '%-14s %8d KiB packed, at most %d\n' .gpu $((size >> 10)) $((most >> 10))
((size <= most)) || { rm .gpu/bundle.tar.xz; fail "the pack is larger than $((most >> 20)) MiB"; }
