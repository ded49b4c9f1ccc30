#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# anomaly.sh ADBENCH_DIR [SEEDS] [REGRET] [HIDDEN]
# Trains a model on each of the sets of ADBENCH_DIR (NPZ: X, y; published.json) with one setting,
# under both protocols, and prints AUROC in percent as Markdown, beside the published figures and
# PCA and the distance to the 5th neighbour on the same split. No label is used in training.
# REGRET 0 leaves out the likelihood regret, which is computed under the first protocol and takes
# most of the time. HIDDEN is the part of the cells that is hidden in training, 0 by default.
set -euo pipefail
sets=$(cd "${1:?ADBENCH_DIR}" && pwd) seeds=${2:-3} regret=${3:-1} hidden=${4:-0}
cd "$(dirname "$0")/.."
MAVEN_OPTS="${MAVEN_OPTS:--Xmx1g}" mvn -q -B -ntp -Pbench test-compile exec:exec \
  -Dbench.main=io.github.vae4j.benchmarks.AnomalyBenchmark -Dbench.args="$sets $seeds $regret $hidden"
