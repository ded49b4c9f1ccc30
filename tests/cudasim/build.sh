#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the emulated CUDA device: ./build.sh OUTDIR [libs|all]
# "libs": the stand-in libraries. "all" (default): also the test driver and the JNI control library.
# Needs only g++; compiles changed sources, in parallel.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR [libs|all]}
what=${2:-all}
mkdir -p "$out/obj"
out=$(cd "$out" && pwd)

cxx=${CXX:-g++}
# No contraction: an interpreter must not fuse operations that are separate in the PTX. Wrapping integers and
# untyped registers need the other two.
flags=(-std=c++17 -O3 -march=native -ffp-contract=off -fwrapv -fno-strict-aliasing -fPIC
       -fvisibility=hidden -Wall -Wextra -Wno-unused-parameter)

java_home=${JAVA_HOME:-}
if [[ -z $java_home ]] && command -v javac >/dev/null; then
  java_home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
fi

# Objects of another compiler, other flags or another CPU (-march=native) are not reused.
stamp="$("$cxx" --version | head -1) ${flags[*]} $(grep -m1 '^flags' /proc/cpuinfo | cksum)"
if [[ $(cat "$out/obj/stamp" 2>/dev/null || true) != "$stamp" ]]; then
  rm -f "$out"/obj/*.o
  printf '%s\n' "$stamp" > "$out/obj/stamp"
fi

newest_header=$(find "$here" -name '*.h' -printf '%T@ %p\n' | sort -rn | head -1 | cut -d' ' -f2-)
object() { printf '%s/obj/%s.o' "$out" "$(printf '%s' "${1#"$here"/}" | sed 's/\.cpp$//; s#/#-#g')"; }

mapfile -t driver < <(ls "$here"/src/{ptx,exec,driver}/*.cpp)
mapfile -t lt < <(ls "$here"/src/cublaslt/*.cpp)
dnn=$here/src/cudnn
cnn=("$dnn"/{descriptors,problem,run,convolution}.cpp)
sources=("${driver[@]}" "${lt[@]}" "$dnn"/{graph,ops,adv}.cpp "${cnn[@]}" "$here"/src/{cudart/cudart,cublas/cublas,nvrtc/nvrtc}.cpp)
tests=()
jni=()
if [[ $what == all ]]; then
  mapfile -t tests < <(ls "$here"/tests/*.cpp)
  if [[ -f $java_home/include/jni.h ]]; then
    jni=("$here"/src/jni/control.cpp)
    flags+=(-I"$java_home/include" -I"$java_home/include/linux")
  else
    echo "cudasim: no jni.h under JAVA_HOME: libcudasimjni.so is not built" >&2
  fi
fi

changed=()
for source in "${sources[@]}" "${tests[@]}" "${jni[@]}"; do
  o=$(object "$source")
  if [[ ! $o -nt $source || ! $o -nt $newest_header || ! $o -nt ${BASH_SOURCE[0]} ]]; then
    changed+=("$source" "$o")
  fi
done
if ((${#changed[@]})); then
  printf '%s\0' "${changed[@]}" |
    xargs -0 -P "$(nproc)" -n 2 bash -c '
      extra=()
      # Products are fused into sums here, as on the device.
      [[ ${@: -2:1} == */cublaslt/gemm.cpp || ${@: -2:1} == */cudnn/run.cpp ]] && extra=(-ffp-contract=fast)
      [[ ${@: -2:1} == */tests/*_test.cpp ]] && extra=(-O1)
      "${@:1:$#-2}" "${extra[@]}" -c "${@: -2:1}" -o "${@: -1}"' bash "$cxx" "${flags[@]}"
fi

objects() { for source in "$@"; do object "$source"; echo; done; }

# link LIBRARY SONAME VERSION-NODE SOURCES... : a node of the version script named after the soname,
# which the JNI libraries require; libcuda has none. $needs: another library of ours that it needs.
link() {
  local library=$1 soname=$2 script=$3
  shift 3
  local extra=()
  [[ -n ${needs:-} ]] && extra+=(-L"$out" -l:"$needs")
  [[ -n $script ]] && extra+=(-Wl,--version-script="$here/src/$script")
  [[ $soname == libcuda.so.1 ]] || extra+=(-L"$out" -l:libcuda.so.1)
  mapfile -t list < <(objects "$@")
  local newer=0
  for o in "${list[@]}"; do [[ $o -nt $out/$library ]] && newer=1; done
  if ((newer)) || [[ ! -e $out/$library ]]; then
    "$cxx" -shared -Wl,-soname,"$soname" -Wl,-rpath,'$ORIGIN' -o "$out/$library" "${list[@]}" \
      "${extra[@]}" -lpthread -ldl
  fi
}

link libcuda.so.1 libcuda.so.1 "" "${driver[@]}"
link libcudart.so.13 libcudart.so.13 cudart/cudart.map "$here"/src/cudart/cudart.cpp
link libcublasLt.so.13 libcublasLt.so.13 cublaslt/cublaslt.map "${lt[@]}"
link libcudnn_graph.so.9 libcudnn_graph.so.9 cudnn/graph.map "$dnn"/graph.cpp
needs=libcudnn_graph.so.9 link libcudnn_ops.so.9 libcudnn_ops.so.9 cudnn/ops.map "$dnn"/ops.cpp
needs=libcudnn_graph.so.9 link libcudnn_cnn.so.9 libcudnn_cnn.so.9 cudnn/cnn.map "${cnn[@]}"
link libcudnn_adv.so.9 libcudnn_adv.so.9 cudnn/adv.map "$dnn"/adv.cpp
link libcublas.so.13 libcublas.so.13 cublas/cublas.map "$here"/src/cublas/cublas.cpp
link libnvrtc.so.13 libnvrtc.so.13 nvrtc/nvrtc.map "$here"/src/nvrtc/nvrtc.cpp
if ((${#jni[@]})); then
  link libcudasimjni.so libcudasimjni.so "" "${jni[@]}"
fi
if ((${#tests[@]})); then
  mapfile -t list < <(objects "${tests[@]}")
  "$cxx" -o "$out/cudasim-tests" "${list[@]}" -L"$out" -l:libcublasLt.so.13 -l:libcudnn_cnn.so.9 \
    -l:libcudnn_ops.so.9 -l:libcudnn_graph.so.9 -l:libcuda.so.1 \
    -Wl,-rpath,'$ORIGIN' -lpthread -ldl
fi
