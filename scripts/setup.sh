#!/usr/bin/env bash
# Installs what the build needs and is missing, and says what it installs. Asks nothing. Quiet when all is there.
set -euo pipefail

readonly swift_needed=6.2

# package, and what of the build uses it
packages=(
    pkg-config     # tells SwiftPM where the libraries below are
    libsqlite3-dev # metadata and catalog
    libsimdjson-dev # JSON bodies
    libhwloc-dev   # cores and caches
    libnuma-dev    # memory nodes
    libcrypt-dev   # password hashes
    zlib1g-dev     # compressed HTTP bodies
    libzstd-dev    # the same, with zstd
    libopenblas0   # exact search of many queries at once; opened at run time
)

say() { printf '%s\n' "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

check_swift() {
    command -v swift >/dev/null \
        || fail "Swift $swift_needed or newer is needed and there is no swift on the PATH: install it from https://www.swift.org/install/linux and run this again"
    local found
    found=$(swift --version 2>&1 | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p' | head -n 1)
    [[ -n $found ]] || fail "swift does not say its version: is $(command -v swift) a Swift toolchain?"
    [[ $(printf '%s\n' "$swift_needed" "$found" | sort -V | head -n 1) == "$swift_needed" ]] \
        || fail "Swift $swift_needed or newer is needed, found $found: install it from https://www.swift.org/install/linux and run this again"
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null | grep -qw installed || printf '%s\n' "$package"
    done
}

# Other distributions name their packages differently: say what has to be there and let the build try.
check_without_apt() {
    local module missing=()
    for module in sqlite3 simdjson hwloc numa libzstd; do
        pkg-config --exists "$module" 2>/dev/null || missing+=("$module")
    done
    ((${#missing[@]} == 0)) || fail "this system has no apt-get: install the development packages of ${missing[*]} (and pkg-config, OpenBLAS) and run this again"
}

as_root() {
    if ((EUID == 0)); then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "cannot install packages: not root, and there is no sudo; run as root: $*"
    fi
}

install_packages() {
    local missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} > 0)) || return 0
    say "installing ${missing[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    # The lists of a fresh machine are empty or old; a second try with new ones settles both.
    as_root "${install[@]}" "${missing[@]}" >/dev/null 2>&1 </dev/null && return 0
    as_root apt-get update -qq </dev/null
    as_root "${install[@]}" "${missing[@]}" </dev/null >/dev/null || fail "apt-get could not install ${missing[*]}; its own words are above"
}

check_swift
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then install_packages; else check_without_apt; fi
