#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds libvae4j.so from native/src with g++; compiles only files that are out of date.
# usage: native/build.sh OBJECT_FOLDER LIBRARY VERSION [FLAG...]
# LIBRARY is for the jar; OBJECT_FOLDER/libvae4j.so.0 is the same for native/package.sh, under a name
# that a system's other libvae4j cannot have.
# The flags are for g++, after the script's own, as NativeFuzzTest has it for sanitizers.
# BUILD_PATH (set by the JavaCPP plugin) names the folder of oneDNN: include/, libdnnl.so.3 and the
# libgomp.so.1 that it uses. Linking the same libgomp gives the process one thread pool.
set -euo pipefail

objects=$1
library=$2
version=$3
flags=("${@:4}")
native=$(cd "$(dirname "$0")" && pwd)
cxx=${CXX:-g++}

if ! command -v "$cxx" > /dev/null; then
  echo "build.sh: no C++ compiler \"$cxx\"; install g++ (Debian: apt-get install g++) or set CXX" >&2
  exit 1
fi

loops=(-fopenmp-simd -fno-math-errno -fno-trapping-math)
case $("$cxx" -dumpmachine) in
  x86_64-*)
    platform=linux-x86_64
    portable=(-march=x86-64 -mtune=generic -fopenmp)
    loops+=(-mtune=generic -mprfchw -mprefer-vector-width=512)
    isas=(baseline:x86-64 avx2:x86-64-v3 avx512:x86-64-v4)
    ;;
  aarch64-*)
    platform=linux-arm64
    portable=(-march=armv8-a -fopenmp)
    isas=(baseline:armv8-a)
    ;;
  *)
    echo "build.sh: libvae4j runs on x86-64 and arm64; \"$cxx\" compiles for $("$cxx" -dumpmachine)" >&2
    exit 1
    ;;
esac
onednn=$("$native/onednn.sh" "$platform")
common=(-std=c++17 -O3 -fPIC -fvisibility=hidden -Wall -Wextra -Werror
  -DVAE4J_VERSION="\"$version\"" -I"$native/include" -I"$native/src" -isystem "$onednn/include"
  -include "$native/src/glibc.hpp")
# Java rounds each operation; so must the parts of the model API that have the bits of Java.
model=("${portable[@]}" -ffp-contract=off)

mkdir -p "$objects" "$(dirname "$library")"

# Rebuild all if a header, this script or the version changed.
stamp=$objects/stamp
if [[ ! -e $stamp || $(cat "$stamp") != "$version" || $0 -nt $stamp ]] ||
  [[ -n $(find "$native/include" "$native/src" \( -name '*.h*' -o -name '*.map' \) -newer "$stamp" -print -quit) ]]; then
  rm -f "$objects"/*.o "$stamp"
fi

pids=()
linked=()
compile() { # OBJECT SOURCE FLAGS...
  local object=$objects/$1 source=$2
  shift 2
  linked+=("$object")
  if [[ $object -nt $source ]]; then return; fi
  "$cxx" -c "${common[@]}" "$@" "${flags[@]}" "$source" -o "$object.new" && mv "$object.new" "$object" &
  pids+=($!)
}

for source in "$native"/src/*.cpp; do
  compile "$(basename "$source" .cpp).o" "$source" "${portable[@]}"
done
for source in "$native"/src/model/*.cpp; do
  compile "model_$(basename "$source" .cpp).o" "$source" "${model[@]}"
done
for isa in "${isas[@]}"; do
  compile "kernels_${isa%%:*}.o" "$native/src/kernels/kernels.cpp" "${loops[@]}" \
    -DVAE4J_ISA="${isa%%:*}" -march="${isa#*:}"
done
for pid in "${pids[@]}"; do wait "$pid"; done
echo "$version" > "$stamp.new" && mv "$stamp.new" "$stamp"

link() { # SONAME LIBRARY
  if [[ -e $2 && -z $(find "${linked[@]}" -newer "$2" -print -quit) ]]; then return; fi
  # libgomp is named, or the compiler's own would be linked beside oneDNN's.
  "$cxx" -shared -Wl,-soname,"$1" -Wl,--version-script="$native/src/exports.map" -Wl,-z,defs \
    -Wl,-z,now -Wl,-rpath,'$ORIGIN' "${flags[@]}" -o "$2.new" "${linked[@]}" "$onednn/libdnnl.so.3" \
    "$onednn/libgomp.so.1"
  mv "$2.new" "$2"
}
link libvae4j.so "$library"
# The number is raised where a program that was built with an earlier library could not use this one.
link libvae4j.so.0 "$objects/libvae4j.so.0"

wait_policy=$(dirname "$library")/libvae4jwait.so
if [[ ! $wait_policy -nt $native/wait_policy.c ]]; then
  "$cxx" -x c -shared -fPIC -O2 -Wall -Wextra -Werror -Wl,-soname,libvae4jwait.so \
    -o "$wait_policy.new" "$native/wait_policy.c"
  mv "$wait_policy.new" "$wait_policy"
fi
