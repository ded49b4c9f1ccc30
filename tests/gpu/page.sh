#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints docs/hardware.md, made of the runs in tests/gpu/results, or in the folder that is given:
#
#   bash tests/gpu/page.sh > docs/hardware.md
#
# A run is a results.json as tests/gpu/run.sh left it, kept there as DATE-CARD.json, with
# DATE-CARD.notes.md for remarks by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[[ -f target/test-classpath.txt ]] || { echo 'page.sh: run mvn -q -B -ntp process-test-classes -Dtest first' >&2; exit 1; }
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "target/classes:target/test-classes:$(<target/test-classpath.txt)" \
  io.github.vae4j.gpu.HardwarePage "${1:-tests/gpu/results}"
