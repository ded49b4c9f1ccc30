#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: native/onednn.sh PLATFORM
# Prints the folder of oneDNN, its headers and its libgomp: the one of BUILD_PATH that is named PLATFORM.
# The JavaCPP plugin sets BUILD_PATH to the unpacked folders of its presets, separated by colons.
set -euo pipefail

IFS=: read -ra folders <<< "${BUILD_PATH:-}"
for folder in "${folders[@]}"; do
  if [[ $(basename "$folder") == "$1" && -e $folder/libdnnl.so.3 ]]; then
    echo "$folder"
    exit
  fi
done
echo "onednn.sh: no folder $1 with libdnnl.so.3 in BUILD_PATH=\"${BUILD_PATH:-}\"; run it through mvn compile" >&2
exit 1
