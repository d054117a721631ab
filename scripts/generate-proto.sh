#!/usr/bin/env bash
# Makes Sources/JadeProto/Generated anew from proto/. The result is checked in, so that building needs none of this: protoc (or
# Python's grpcio-tools, or PROTOC="command") and protoc-gen-swift, which is built from swift-protobuf when it is not on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly out=Sources/JadeProto/Generated

find_protoc() {
    if [[ -n ${PROTOC:-} ]]; then printf '%s\n' "$PROTOC"
    elif command -v protoc >/dev/null; then echo protoc
    elif python3 -c 'import grpc_tools' 2>/dev/null; then echo 'python3 -m grpc_tools.protoc'
    else echo "generate-proto: there is no protoc; install protobuf-compiler, or grpcio-tools with pip" >&2; exit 1
    fi
}

find_plugin() {
    command -v protoc-gen-swift && return
    swift build -c release --product protoc-gen-swift >&2
    echo "$PWD/$(swift build -c release --show-bin-path | sed "s,^$PWD/,,")/protoc-gen-swift"
}

protoc=$(find_protoc)
plugin=$(find_plugin)
mapfile -t files < <(cd proto && find . -name '*.proto' | sed 's,^\./,,' | LC_ALL=C sort)

mkdir -p "$out"
rm -f "$out"/*.swift
$protoc -I proto --plugin=protoc-gen-swift="$plugin" --swift_out="$out" \
    --swift_opt=Visibility=Package,UseAccessLevelOnImports=true,FileNaming=DropPath "${files[@]}"

# What reflection tells, and the digest by which a test sees that all of this is current.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$protoc -I proto --include_imports --descriptor_set_out="$work/set" "${files[@]}"
{
    echo '// Made by scripts/generate-proto.sh: do not edit.'
    echo
    echo '/// What proto/ declares, as a serialized google.protobuf.FileDescriptorSet, and what it was made from.'
    echo 'package enum ProtoFiles {'
    echo '    /// SHA-256 of all files below proto/, each by its path and its text, in order of their paths.'
    echo "    package static let digest = \"$(cd proto && for f in "${files[@]}"; do printf '%s\n' "$f"; cat "$f"; done | sha256sum | cut -d' ' -f1)\""
    echo '    /// Base64.'
    echo '    package static let descriptorSet = """'
    base64 -w 120 "$work/set" | sed 's/^/        /; $!s/$/\\/'
    echo '        """'
    echo '}'
} > "$out/ProtoFiles.swift"
echo "generate-proto: ${#files[@]} files" >&2
