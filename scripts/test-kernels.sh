#!/usr/bin/env bash
# Builds and tests the C part in every way there is: plain, under sanitizers, for AArch64 under qemu, and the fuzzers.
# Arguments choose: plain sanitized aarch64 fuzz. Without any, all four. FUZZ_SECONDS (60) is the time for each fuzzer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly build=.build/c
readonly seconds=${FUZZ_SECONDS:-60}

say() { printf '%s\n' "kernels: $*" >&2; }

# Debian's packages for what is chosen. Elsewhere what is there has to do: cmake says what it misses.
install() {
    local package missing=()
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null | grep -qw installed || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    say "installing ${missing[*]}"
    local root=()
    ((EUID == 0)) || root=(sudo)
    local get=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    # The lists of a fresh machine are empty or old; a second try with new ones settles both.
    "${get[@]}" install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1 && return 0
    "${get[@]}" update -qq </dev/null
    "${get[@]}" install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

# name, options: builds into a folder of that name and runs the tests.
test_in() {
    local name=$1
    shift
    say "$name"
    cmake -S cmake -B "$build/$name" -G Ninja "$@" >/dev/null
    cmake --build "$build/$name" -- --quiet
    ctest --test-dir "$build/$name" --output-on-failure
}

plain() { install cmake ninja-build gcc && test_in plain; }
# Less optimized: a sanitizer triples what the compiler has to do.
sanitized() {
    install cmake ninja-build gcc
    test_in sanitized -DJADE_SANITIZE=address,undefined -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_C_FLAGS_DEBUG=-O1 -g1"
}
aarch64() {
    if [[ $(uname -m) == aarch64 ]]; then say "aarch64: this machine is one, plain has tested it" && return; fi
    install cmake ninja-build gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
    # With dot products and half floats, and a processor that has neither; the same build.
    local cpu
    for cpu in max cortex-a72; do
        test_in aarch64 --toolchain "$PWD/cmake/toolchains/aarch64-linux-gnu.cmake" -DJADE_QEMU_CPU=$cpu
    done
}
fuzz() {
    install cmake ninja-build
    say "fuzz"
    cmake -S cmake -B "$build/fuzz" -G Ninja -DCMAKE_C_COMPILER=clang -DJADE_FUZZ=ON -DBUILD_TESTING=OFF >/dev/null
    cmake --build "$build/fuzz" -- --quiet
    local fuzzer
    for fuzzer in "$build"/fuzz/fuzz_*; do
        [[ -x $fuzzer && -f $fuzzer ]] || continue
        say "$(basename "$fuzzer") for $seconds s"
        "$fuzzer" -max_total_time="$seconds" -print_final_stats=0 -verbosity=0
    done
}

chosen=("$@")
((${#chosen[@]} > 0)) || chosen=(plain sanitized aarch64 fuzz)
for part in "${chosen[@]}"; do
    case $part in
    plain | sanitized | aarch64 | fuzz) "$part" ;;
    *) say "unknown part $part: choose among plain, sanitized, aarch64, fuzz" && exit 2 ;;
    esac
done
say "all passed: ${chosen[*]}"
