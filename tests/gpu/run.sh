#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One run on a machine with an NVIDIA GPU and nothing else of ours:
#
#   bash tests/gpu/run.sh OUT [SECONDS] [--stages LIST]      SECONDS: 480 unless given
#   bash tests/gpu/run.sh --emulated OUT [SECONDS] [--stages LIST]
#
# The first form unpacks the output of tests/gpu/pack.sh; the second runs the same stages, smaller,
# on tests/cudasim from target/. LIST is numbers and names, as in 5,ops-tf32. OUT gets results.json,
# summary.md and logs.tgz, whole after every stage. Nothing of the card's settings is changed.
#
# Stages and their times on an H100, 28 November 2026 (seconds; unpacking takes 4):
#   1  the machine, doctor                                               3
#   2  op table in fp32, tf32, bf16; life cycle                         46
#   3  training: recorded = op by op, same bits, 200 steps as the CPU's 20
#   4  MNIST, 10 epochs                                                  4
#   5  steps beside the peers, 15 of ours twice, 28 of theirs     over 350 (its limit: 370)
#   6  the algorithms, and steps with a switch thrown                   24
#   7  ncu, memcheck, racecheck                                         33
#   8  streamed, many evaluations, memory, killed                       21
# All of it needs SECONDS of 520. Caches of compiled peers are not warmed: waiting for that took 145 s; JAX takes 10
# to 20 s a net without.
set -uo pipefail

fail() {
  printf 'run.sh: %s\nusage: tests/gpu/run.sh [--emulated] OUT [SECONDS] [--stages LIST]\n' "$1" >&2
  exit 2
}

out='' seconds='' stages=all device=device
while (($#)); do
  case $1 in
    --emulated) device=emulated ;;
    --stages) (($# > 1)) || fail '--stages: give numbers or names, as in 2,5'; stages=$2; shift ;;
    -*) fail "unknown option $1" ;;
    *) if [[ -z $out ]]; then out=$1; elif [[ -z $seconds ]]; then seconds=$1; else fail "too many arguments: $1"; fi ;;
  esac
  shift
done
[[ -n $out ]] || fail 'OUT, the folder for the results, is missing'
seconds=${seconds:-480}
[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || fail "SECONDS: expected a whole number, given $seconds"
mkdir -p "$out" && out=$(cd "$out" && pwd) || fail "cannot make the folder $out"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
bundle=$here/bundle.tar.xz
if [[ -f $bundle ]]; then root=$here/..; else bundle=$root/.gpu/bundle.tar.xz; fi
root=$(cd "$root" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/vae4j-gpu.XXXXXX")
mnist=$root/src/main/resources/io/github/vae4j/data/mnist
[[ -d $mnist ]] || mnist=$(dirname "$(find / -xdev -name train-images-idx3-ubyte.gz -print -quit 2>/dev/null)")

if [[ $device == emulated && $here == "$root/tests/gpu" ]]; then
  # From target/, as Maven left it.
  [[ -f $root/target/test-classpath.txt ]] || fail "there is no target/test-classpath.txt: run mvn -q -B -ntp -DskipTests verify"
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  classes=$root/target/classes:$root/target/test-classes:$(<"$root/target/test-classpath.txt")
  peers=${VAE4J_PEERS:-}
else
  [[ -f $bundle ]] || fail "there is no $bundle: tests/gpu/pack.sh makes it"
  # tar may have no xz beside it; Python has its own.
  tar -xJf "$bundle" -C "$work" 2>/dev/null || python3 - "$bundle" "$work" <<'PY' || fail "cannot unpack $bundle"
import sys, tarfile
tarfile.open(sys.argv[1], "r:xz").extractall(sys.argv[2], filter="fully_trusted")
PY
  java=$work/jre/bin/java
  mkdir -p "$work/resources/io/github/vae4j/data"
  ln -s "$mnist" "$work/resources/io/github/vae4j/data/mnist"
  classes=$work/classes:$work/resources:$work/test-classes
  for jar in "$work"/lib/*.jar; do classes+=:$jar; done
  peers=${VAE4J_PEERS:-$work/peers}
  [[ -d $peers ]] || peers=''
fi

if [[ $device == emulated ]]; then
  libraries=$root/target/cudasim:$root/target/nvrtc
  cd "$root" || exit 1
else
  # The system's CUDA 13 and cuDNN 9, or those of Python's wheels. Without cuDNN, "doctor" says so, and the cases
  # of convolutions are skipped.
  libraries=
  for library in libcublasLt.so.13 libcudnn_graph.so.9; do
    found=$(find /usr/local /usr/lib /opt -name $library -print -quit 2>/dev/null)
    [[ -n $found ]] || found=$(timeout 20 find / -xdev -name $library -print -quit 2>/dev/null)
    libraries+=${found:+${libraries:+:}$(dirname "$found")}
  done
  cd "$work" || exit 1
fi
export VAE4J_PEERS_LIBRARIES=${LD_LIBRARY_PATH:-}
export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export XLA_PYTHON_CLIENT_PREALLOCATE=false TORCHINDUCTOR_CACHE_DIR=$work/inductor

# The work folder goes with the run; this shell waits, and hands a request to stop on.
"$java" -Xmx512m -XX:+UseSerialGC -cp "$classes" io.github.vae4j.gpu.GpuRun \
  "$out" $((seconds > SECONDS + 1 ? seconds - SECONDS : 1)) "$work" "$mnist" "$peers" "$stages" $device &
run=$!
trap 'kill -TERM $run 2>/dev/null; wait $run; rm -rf "$work"; exit 143' TERM INT
wait $run
code=$?
rm -rf "$work"
exit $code
