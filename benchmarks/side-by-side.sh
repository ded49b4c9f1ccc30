#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# side-by-side.sh PEERS_DIR [PASSES] [EPOCHS]
# Trains the same nets with vae4j and with the peers of PEERS_DIR (built there with Maven), one after
# the other in each pass, so that all see the same machine. Prints images/s: the median over passes
# of each run's median over epochs after the first. WORKLOADS (MLP400 MLP400_B1024 IWAE; CONV64) and
# PEERS (torch tf djl dl4j; of CONV64 torch and tf) choose others.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
peers=$(cd "${1:?PEERS_DIR}" && pwd) passes=${2:-3} epochs=${3:-4}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

vae4j() { # name, batch, options
  local name=$1 batch=$2; shift 2
  "$here/vae4j" train --epochs "$epochs" --batch "$batch" --out "$out/run" --overwrite \
    --seed "$pass" --json "$@" 2>>"$out/log" >/dev/null
  python3 - "$name" "$out/run/metrics.jsonl" <<'P' | tee -a "$out/figures"
import json, statistics, sys
rates = [json.loads(line)["rows_per_second"] for line in open(sys.argv[2])]
print(sys.argv[1], round(statistics.median(rates[1:])))
P
}

peer() { # name, workload
  PEERS_OUT="$out/peer" "$peers/run.sh" "$1" "$2" "$epochs" "$pass" >"$out/last" 2>>"$out/log"
  python3 - "$1/$2" "$out/last" <<'P' | tee -a "$out/figures"
import json, sys
line = [l for l in open(sys.argv[2]) if l.startswith("{")][-1]
result = json.loads(line)
print(sys.argv[1], round(result["imagesPerSecond"]))
P
}

# The peers' 4,096 images of uniform noise, channels last.
noise() {
  python3 - "$out/noise.npy" <<'P'
import random, sys
header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4096, 64, 64, 3), }"
header += " " * (117 - len(header)) + "\n"
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
    file.write(random.Random(1).randbytes(4096 * 64 * 64 * 3))
P
}

for pass in $(seq "$passes"); do
  for workload in ${WORKLOADS:-MLP400 MLP400_B1024 IWAE}; do
    peers_of=${PEERS:-torch tf djl dl4j}
    case $workload in
      MLP400) vae4j vae4j/MLP400 128 --data mnist ;;
      MLP400_B1024) vae4j vae4j/MLP400_B1024 1024 --data mnist ;;
      IWAE) vae4j vae4j/IWAE 100 --data mnist --hidden 200,200 --latent 50 --activation tanh ;;
      CONV64)
        [[ -e $out/noise.npy ]] || noise
        vae4j vae4j/CONV64 64 --data "$out/noise.npy" --likelihood bernoulli --arch conv64
        peers_of=${PEERS:-torch tf}
        ;;
      *) echo "side-by-side.sh: unknown workload $workload" >&2; exit 2 ;;
    esac
    for name in $peers_of; do peer "$name" "$workload"; done
  done
done
echo "median images/s over $passes passes of $epochs epochs:"
python3 - "$out/figures" <<'P'
import collections, statistics, sys
runs = collections.defaultdict(list)
for line in open(sys.argv[1]):
    name, rate = line.split()
    runs[name].append(int(rate))
for name, rates in runs.items():
    print(f"{name:24} {statistics.median(rates):>8.0f}   ({min(rates)}-{max(rates)})")
P
