#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs native/bench/step.cpp against the libvae4j that mvn compile made.
# usage: native/bench/run.sh [BATCH [THREADS [PRECISION [BINARIZE [SECONDS]]]]]
# THREADS 0: all cores. PRECISION 0: fp32, 1: tf32, 2: bf16.
# ONEDNN names the folder with oneDNN's include/ and libraries; default: JavaCPP's cache.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
classes=${LIBVAE4J:-$root/target/classes/io/github/vae4j/backend/cpu/linux-x86_64}
onednn=${ONEDNN:-$(find ~/.javacpp/cache -type d -path '*/bytedeco/dnnl/linux-x86_64' | sort | tail -1)}
mkdir -p "$root/target/native"
g++ -O2 -std=c++17 -fopenmp -I"$root/native/include" -isystem "$onednn/include" \
  "$root/native/bench/step.cpp" -o "$root/target/native/step" \
  "$classes/libvae4j.so" "$onednn/libdnnl.so.3" "$onednn/libgomp.so.1"
LD_LIBRARY_PATH=$classes:$onednn exec "$root/target/native/step" "$@"
