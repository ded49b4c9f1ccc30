#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# side-by-side.sh PEERS_DIR [PASSES] [EPOCHS]
# Trains the same net on MNIST with vae4j and with the peers of PEERS_DIR (built there with Maven),
# one after the other in each pass, so that all see the same machine. Prints images/s: the median
# over passes of each run's median over epochs after the first.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
peers=$(cd "${1:?PEERS_DIR}" && pwd) passes=${2:-3} epochs=${3:-4}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

vae4j() { # name, batch, options
  local name=$1 batch=$2; shift 2
  "$here/vae4j" train --data mnist --epochs "$epochs" --batch "$batch" --out "$out/run" --overwrite \
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

for pass in $(seq "$passes"); do
  vae4j vae4j/MLP400 128
  for name in ${PEERS:-torch tf djl dl4j}; do peer "$name" MLP400; done
  vae4j vae4j/MLP400_B1024 1024
  for name in ${PEERS:-torch tf djl dl4j}; do peer "$name" MLP400_B1024; done
  vae4j vae4j/IWAE 100 --hidden 200,200 --latent 50 --activation tanh
  for name in ${PEERS:-torch tf djl dl4j}; do peer "$name" IWAE; done
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
