#!/usr/bin/env bash
# Fails when a C++ file is not laid out as .clang-format says; `./dev format` mends it. 77 = cannot tell here.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang-format-19 >/dev/null || { echo "clang-format-19 is not installed"; exit 77; }
find src tests cmake \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 clang-format-19 --dry-run -Werror
