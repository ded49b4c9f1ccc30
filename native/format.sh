#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lays out C, C++ and CUDA by .clang-format, in place; with --check it only lists the differences.
# The layout is that of one version: pip install clang-format==23.1.1. No build needs this script.
# usage: native/format.sh [--check]
set -euo pipefail

version=23.1.1
mode=(-i)
case ${1:-} in
  '') ;;
  --check) mode=(--dry-run -Werror) ;;
  *) echo 'usage: native/format.sh [--check]' >&2; exit 2 ;;
esac
if ! found=$(clang-format --version 2> /dev/null) || [[ $found != *" $version"* ]]; then
  echo "format.sh: expected clang-format $version, found \"${found:-none}\"" >&2
  exit 1
fi
cd "$(dirname "$0")/.."
git ls-files -z -- '*.c' '*.cpp' '*.h' '*.hpp' '*.cu' '*.cuh' | xargs -0 clang-format "${mode[@]}"
