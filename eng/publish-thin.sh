#!/usr/bin/env bash
# Compiles the thin client ahead of time: eng/publish-thin.sh [DIR]   (default: artifacts/thin)
# Needs a C linker (clang or gcc) and zlib's headers, as .NET's native compilation does.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-artifacts/thin}
case "$(uname -s)" in
  Linux) os=linux; if ldd --version 2>&1 | grep -qi musl; then os=linux-musl; fi ;;
  Darwin) os=osx ;;
  *) echo "publish-thin: no ahead-of-time compilation for $(uname -s) here; the full program has the same commands" >&2; exit 2 ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "publish-thin: unknown processor $(uname -m)" >&2; exit 2 ;;
esac
linker=()
if ! command -v clang >/dev/null; then linker=(-p:CppCompilerAndLinker=gcc); fi
dotnet publish src/Skep.Thin -c Release -r "$os-$arch" -o "$out" -v q -p:NuGetLockFilePath=obj/thin.lock.json "${linker[@]}"
echo "$out/skepc"
