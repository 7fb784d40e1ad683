#!/usr/bin/env bash
# Builds llama.cpp for this machine's processor and puts it into a Python environment.
#
#   installer/engine.sh VENV
#
# VENV holds the package llama-cpp-python without libraries (CMAKE_ARGS=-DLLAMA_BUILD=OFF);
# this takes the llama.cpp inside the same release, whose checksum requirements.txt pins,
# and builds the one target that text needs: 4 CPU minutes instead of 9. amx_tiles.h goes
# in front of every file; without it GCC 12.2 makes an engine that crashes on CPUs with AMX.
# What was built stays in $BALCAO_BUILD_CACHE (VENV/engine if unset) under a name made of
# release, processor, compiler and header, so a second run takes a second.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
work=

say() { printf '%s\n' "$*"; }
stop() {
    printf 'engine: %s\n' "$*" >&2
    exit 1
}
clean_up() { [[ -z $work ]] || rm -rf -- "$work"; }
trap clean_up EXIT

[[ $# == 1 ]] || {
    printf 'usage: installer/engine.sh VENV\n' >&2
    exit 2
}
[[ -x $1/bin/python ]] || stop "$1 is not a Python environment; make it with installer/setup.sh."
venv=$(cd -- "$1" && pwd -P)
python="$venv/bin/python"
header="$here/amx_tiles.h"

check_tools() {
    local missing=()
    command -v g++ >/dev/null || missing+=(g++)
    command -v cmake >/dev/null || missing+=(cmake)
    command -v make >/dev/null || missing+=(make)
    ((${#missing[@]} == 0)) ||
        stop "${missing[*]} not found. Install what compiling needs: apt-get install ${missing[*]}"
}

flags=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON
    -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF
    -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_COMMON=OFF
)

pin() { awk '/^[a-zA-Z]/ { keep = /^llama-cpp-python==/ } keep' "$root/requirements.txt"; }
installed_at() {
    "$python" -c 'import importlib.util as u; print(u.find_spec("llama_cpp").submodule_search_locations[0])' \
        2>/dev/null
}
fingerprint() {
    {
        pin
        printf '%s\n' "${flags[@]}"
        cat -- "$header"
        g++ -dumpfullversion
        grep -m1 '^flags' /proc/cpuinfo || true
        grep -m1 '^model name' /proc/cpuinfo || true
    } | sha256sum | cut -c1-16
}

# pip checks the pinned hash; it asks the package for its name, which compiles nothing.
fetch_source() {
    pin >"$work/pin.txt"
    CMAKE_ARGS=-DLLAMA_BUILD=OFF "$python" -m pip download --quiet --no-deps --no-build-isolation \
        --no-binary :all: --require-hashes --dest "$work" -r "$work/pin.txt" ||
        stop "the source of llama.cpp could not be fetched. Check that this machine reaches its" \
            "Python package index, then run this again."
    tar -xzf "$work"/llama_cpp_python-*.tar.gz -C "$work"
}

# A file of llama.cpp takes up to a gigabyte to compile.
jobs_at_once() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
    ((memory < 1)) && memory=1
    printf '%s' $((cores < memory ? cores : memory))
}

compile() {
    local log="$cache/build.log" source
    source=$(echo "$work"/llama_cpp_python-*/vendor/llama.cpp)
    [[ -d $source ]] || stop "the release holds no llama.cpp where it should; it was not built."
    if ! {
        nice -n 10 cmake -S "$source" -B "$work/build" "${flags[@]}" \
            "-DCMAKE_CXX_FLAGS=-include \"$header\"" &&
            nice -n 10 cmake --build "$work/build" --target llama --parallel "$(jobs_at_once)"
    } >"$log" 2>&1; then
        tail -n 20 -- "$log" >&2
        stop "llama.cpp did not compile; the whole log is $log. If the compiler was killed, memory" \
            "ran out: close other programs and run this again."
    fi
}

# Beside its place first, then renamed: half a library is never found there.
keep() {
    rm -rf -- "$kept.part"
    mkdir -p -- "$kept.part"
    find "$work/build" -name 'lib*.so*' -exec cp -P -- {} "$kept.part/" \;
    [[ -e $kept.part/libllama.so ]] || stop "the build made no libllama.so; see $cache/build.log."
    rm -rf -- "$kept"
    mv -- "$kept.part" "$kept"
}

install_libraries() {
    local target="$package/lib"
    rm -rf -- "$target.part"
    mkdir -p -- "$target.part"
    cp -P -- "$kept"/lib*.so* "$target.part/"
    printf '%s\n' "$mark" >"$target.part/$stamp"
    rm -rf -- "$target"
    mv -- "$target.part" "$target"
}

# Ten tokens of a tiny model in a child: 139 is SIGSEGV, 132 SIGILL, 134 an abort.
decodes() { (cd -- "$root" && "$python" -m appliance.models.probe "$@") >"$cache/probe.log" 2>&1; }
probe() {
    local status=0
    decodes || status=$?
    ((status)) || return 0
    if decodes --plain; then
        say "  The engine crashes here with the processor's matrix unit (status $status), and works" \
            "without it. It runs without it, more slowly, and the status page says so."
        return 0
    fi
    tail -n 5 -- "$cache/probe.log" >&2
    rm -rf -- "$kept" "${package:?}/lib/$stamp"
    stop "the engine was built but cannot decode on this processor (status $status). Try another" \
        "compiler: CXX=clang++ CC=clang installer/engine.sh $venv"
}

package=$(installed_at) ||
    stop "llama-cpp-python is not installed in $venv. Run installer/setup.sh, which installs it first."
check_tools
cache=${BALCAO_BUILD_CACHE:-$venv/engine}
mkdir -p -- "$cache"
stamp=.built-for
mark=$(fingerprint)
kept="$cache/$mark"

if [[ -e $package/lib/libllama.so && $(cat -- "$package/lib/$stamp" 2>/dev/null) == "$mark" ]]; then
    say "  The engine is built for this processor already."
    exit 0
fi

began=$SECONDS
if [[ -e $kept/libllama.so ]]; then
    say "  Taking the engine from $kept, where it was built before."
else
    work=$(mktemp -d "$cache/work.XXXXXX")
    say "  Fetching the source of llama.cpp (77 MB)."
    fetch_source
    say "  Compiling llama.cpp with $(jobs_at_once) jobs: about 4 CPU minutes."
    compile
    keep
fi
install_libraries
probe
say "  The engine is ready; that took $((SECONDS - began)) s."
