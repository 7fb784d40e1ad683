#!/usr/bin/env bash
# Sets up everything that Balcão needs, inside this checkout.
#
#   installer/setup.sh           to run it
#   installer/setup.sh --test    to run its tests as well (browser, type checkers)
#
# Promises: what is there already is not done again (each step leaves a stamp with
# the hash of what it was made from, so a second run takes a second or two and an
# interrupted one goes on where it stopped); every Python package is the pinned one,
# checked by its hash; Debian packages are installed only when missing, and said
# before; nothing outside this checkout changes except those. A failure is one
# sentence that says what to do, after the end of the log that shows the cause.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_REQUIRE_HASHES
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
venv="$root/.venv"
stamps="$venv/stamps"
started=$SECONDS
did_something=no
with_tests=no
NEEDED_MB=3000
exec 8>&2 # a trap speaks to the person even when it strikes inside a step that is logged

say() { printf '%s\n' "$*"; }
stop() {
    trap - ERR
    printf '\nset-up stopped: %s\n' "$*" >&8
    exit 1
}
trap 'stop "an unexpected failure in setup.sh, line $LINENO. Run it again; if it stays, report that line."' ERR
trap 'printf "\nInterrupted. Run it again: it goes on where it stopped.\n" >&8; exit 130' INT TERM

case "${1-}" in
    "") ;;
    --test) with_tests=yes ;;
    *) printf 'usage: installer/setup.sh [--test]\n' >&2; exit 2 ;;
esac

fingerprint() { printf '%s\n' "$@" | sha256sum | cut -d' ' -f1; }
contents() { cat -- "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [[ -f $stamps/$1 && $(<"$stamps/$1") == "$2" ]]; }
stamp() { mkdir -p -- "$stamps" && printf '%s\n' "$2" >"$stamps/$1"; }

# step NAME FINGERPRINT "what it does" "how long" "what to do when it fails" COMMAND…
step() {
    local name=$1 made_of=$2 what=$3 long=$4 advice=$5 began=$SECONDS log="$venv/logs/$1.log"
    shift 5
    if stamped "$name" "$made_of"; then
        say "  already: $what"
        return
    fi
    did_something=yes
    say "  now:     $what (usually $long)"
    mkdir -p -- "$venv/logs"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        printf '\nThe end of %s:\n' "$log" >&2
        tail -n 20 -- "$log" | sed 's/^/    /' >&2
        stop "$what did not work. $advice"
    fi
    stamp "$name" "$made_of"
    say "           done in $((SECONDS - began)) s"
}

# ---------------------------------------------------------------- the machine

check_machine() {
    [[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] ||
        stop "this release is pinned for Linux on x86-64; this machine is $(uname -s) on $(uname -m)."
    [[ -w $root ]] ||
        stop "$root cannot be written to by $(id -un). Run it as the owner of the checkout."
    [[ ! -e $venv || -w $venv ]] ||
        stop "$venv belongs to $(stat -c %U -- "$venv"). Run it as that user, or remove the folder."
}

check_checkout() {
    local file
    for file in requirements{,-test,-build,-torch}.txt installer/{engine.sh,amx_tiles.h} appliance; do
        [[ -e $root/$file ]] || stop "this copy of Balcão is incomplete: $file is not there. Fetch it again."
    done
}

check_disk() {
    stamped libraries "$1" && stamped engine "$2" && return
    local used=0 free
    free=$(df -Pk -- "$root" | awk 'NR == 2 { print int($4 / 1024) }')
    [[ -d $venv ]] && used=$(du -sk -- "$venv" | awk '{ print int($1 / 1024) }')
    ((free + used >= NEEDED_MB)) ||
        stop "$root has $free MB free and the set-up needs about $NEEDED_MB MB (torch alone is" \
            "900 MB). Free some space, or move the checkout to a larger disk."
}

# pip and the compiler unpack about 1 GB at a time; where /tmp is small (often it is memory),
# they do it on the checkout's disk, which was measured.
choose_temporary_folder() {
    local free
    free=$(df -Pk -- "${TMPDIR:-/tmp}" | awk 'NR == 2 { print int($4 / 1024) }')
    ((free < 1500)) || return 0
    export TMPDIR="$venv/tmp"
    rm -rf -- "$TMPDIR"
    mkdir -p -- "$TMPDIR"
}

# The packages are pinned by hash for one version of Python; another would not find its wheels.
find_python() {
    local candidate
    for candidate in "${BALCAO_PYTHON:-}" python3.11 python3; do
        [[ -n $candidate ]] && command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' \
            >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

missing_packages() {
    [[ -n $(find_python) ]] || say python3 python3-venv
    command -v g++ >/dev/null || say g++
    command -v cmake >/dev/null || say cmake
    command -v make >/dev/null || say make
    # Scanned pages are read by tesseract, in the three languages of the house.
    command -v tesseract >/dev/null || say tesseract-ocr
    local language
    for language in por eng spa; do
        compgen -G "/usr/share/tesseract-ocr/*/tessdata/$language.traineddata" >/dev/null ||
            say "tesseract-ocr-$language"
    done
    [[ $with_tests == yes ]] || return 0
    command -v chromium >/dev/null || say chromium
    # What the tests of zero egress watch the appliance with.
    command -v strace >/dev/null || say strace
    # Judges the unit; no service of it is started.
    command -v systemd-analyze >/dev/null || say systemd
    command -v gpg >/dev/null || say gnupg # signs the bundles that the tests make
    [[ -x /usr/sbin/slapd ]] || say slapd # the directory that sign-in is tested against
    # The proxies of installer/proxy, each with the file that the manual hands out.
    [[ -x /usr/sbin/nginx ]] || say nginx
    [[ -x /usr/sbin/apache2 ]] || say apache2-bin
    command -v caddy >/dev/null || say caddy
    if ! command -v node >/dev/null; then
        say nodejs
    elif ! command -v npm >/dev/null; then
        # Asked for only once node is there: packages of node from elsewhere bring their own.
        say npm
    fi
}

apt() {
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            stop "$(id -un) may not install Debian packages and there is no sudo. Ask an" \
                "administrator to run: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
    fi
    # Descriptor 9 is the lock: what a package starts must not keep it.
    # A fresh machine may be updating itself at this very moment.
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 "$@" 9>&-
}

# The tests start their own of these. The packages would start one for the whole machine, too.
SERVICES=(slapd nginx caddy)

hold_services() {
    local service held=()
    for service in "${SERVICES[@]}"; do
        [[ " ${missing[*]} " != *" $service "* ]] || held+=("$service")
    done
    ((${#held[@]})) && [[ ! -e /usr/sbin/policy-rc.d ]] || return 0
    holding=("${held[@]}")
    trap release_services EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod 755 /usr/sbin/policy-rc.d
}

release_services() {
    trap - EXIT
    as_root rm -f /usr/sbin/policy-rc.d
    ! command -v systemctl >/dev/null || as_root systemctl disable "${holding[@]}" >/dev/null 2>&1 || true
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

install_packages() {
    local missing updated=no
    for _ in 1 2; do
        read -r -d '' -a missing < <(missing_packages && printf '\0') || true
        ((${#missing[@]})) || break
        command -v apt-get >/dev/null ||
            stop "missing on this machine: ${missing[*]} (names as in Debian). There is no apt-get" \
                "here; install them and run this again."
        say "  now:     installing Debian packages with apt-get: ${missing[*]}"
        if [[ $updated == no ]]; then
            apt -qq update || say "           (the list of packages could not be refreshed; trying with the old one)"
            updated=yes
        fi
        hold_services
        apt -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" ||
            stop "apt-get could not install ${missing[*]}. Its words are above; repair that, or" \
                "install them by hand, and run this again."
        [[ -z $(trap -p EXIT) ]] || release_services
    done
    read -r -d '' -a missing < <(missing_packages && printf '\0') || true
    ((${#missing[@]} == 0)) ||
        stop "still missing after apt-get: ${missing[*]}. Balcão needs Python 3.11 (Debian 12 has" \
            "it; this machine's python3 is $(python3 -V 2>&1 || echo none)), g++ and cmake."
    say "  already: Debian packages"
}

# ---------------------------------------------------------------- the environment

# A moved or copied checkout brings scripts that point at the old place, and an upgrade
# of the system's Python can leave an environment whose interpreter is gone.
venv_works() {
    "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' \
        >/dev/null 2>&1 && grep -qF -- "$venv" "$venv/bin/activate" 2>/dev/null
}

make_venv() {
    if venv_works; then
        say "  already: Python environment"
        return
    fi
    [[ ! -e $venv/bin ]] || say "  now:     $venv belongs to another place or Python: making it again"
    find "$venv" -mindepth 1 -maxdepth 1 ! -name setup.lock -exec rm -rf -- {} +
    step venv "$venv" "Python environment in .venv" "10 seconds" \
        "Check that python3-venv is installed and the disk is not full, then run this again." \
        "$(find_python)" -m venv -- "$venv"
}

pip() { "$venv/bin/python" -m pip install --no-deps --require-hashes "$@"; }
wheels() { pip --only-binary :all: -r "$@"; }

install_torch() {
    # The extra index is for this one step: asked for every package, one that does not
    # answer costs 7.5 s each.
    wheels "$root/requirements-torch.txt" \
        ${BALCAO_TORCH_INDEX:+--extra-index-url "$BALCAO_TORCH_INDEX"} || return
    "$venv/bin/python" - <<'PYTHON'
import runpy, sys, sysconfig
cuda = runpy.run_path(sysconfig.get_path("purelib") + "/torch/version.py").get("cuda")
sys.exit(f"this torch was built for CUDA {cuda}" if cuda else 0)
PYTHON
}

without_bindings() { awk '/^[a-zA-Z]/ { skip = /^llama-cpp-python==/ } !skip' "$1"; }
only_bindings() { awk '/^[a-zA-Z]/ { keep = /^llama-cpp-python==/ } keep' "$1"; }

# pip compiles these 10,000 files on one core; compileall takes every core. A file that
# does not compile is one that its package ships for another Python.
install_libraries() {
    wheels <(without_bindings "$1") --no-compile || return
    "$venv/bin/python" -m compileall -q -j 0 "$venv/lib" >/dev/null 2>&1 || true
}

# The package would compile all of llama.cpp, with flags that crash on CPUs with AMX;
# engine.sh builds it our way. Its wheel stays out of pip's cache, which could hand us
# somebody's full build or hand ours, without a library, to another program.
install_bindings() {
    CMAKE_ARGS=-DLLAMA_BUILD=OFF pip --no-cache-dir --no-build-isolation \
        --no-binary llama-cpp-python -r <(only_bindings "$1")
}

# What a killed build left behind (300 MB) is of no use to the next one.
build_engine() {
    rm -rf -- "$venv"/engine/work.*
    "$here/engine.sh" "$venv"
}

# A relative path and a shell script survive a move and any letter in the folder's name,
# which `pip install -e` does not, and they leave nothing in the checkout.
install_command() {
    local site
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') &&
        printf '../../../..\n' >"$site/balcao.pth" &&
        cat >"$venv/bin/appliance" <<'SCRIPT' &&
#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -P -m appliance "$@"
SCRIPT
        chmod +x "$venv/bin/appliance"
}

install_provider() {
    (cd -- "$root/tests/signin/provider" && npm ci --ignore-scripts --no-audit --no-fund)
}

install_type_checker() {
    (cd -- "$root/tests/static" && npm ci --ignore-scripts --no-audit --no-fund)
}

# ---------------------------------------------------------------- in order

check_machine
check_checkout
mkdir -p -- "$venv"
exec 9>"$venv/setup.lock"
if ! flock -n 9; then
    say "Another set-up is at work in this checkout; waiting for it to end."
    flock 9
fi

say "Setting up Balcão in $root"
install_packages

requirements="$root/requirements.txt"
libraries=$(contents "$requirements")
if [[ $with_tests == yes ]]; then
    requirements="$root/requirements-test.txt"
    libraries_test=$(contents "$requirements")
fi
bindings=$(fingerprint "$(only_bindings "$requirements")")
engine=$(fingerprint "$(contents "$here"/engine.sh "$here"/*.h)" "$bindings" \
    "$(grep -m1 '^flags' /proc/cpuinfo || true)")
check_disk "$libraries" "$engine"
make_venv
choose_temporary_folder

network="Check that this machine reaches its Python package index (pip's own settings), then run this again."
step tools "$(contents "$root/requirements-build.txt")" \
    "pip and build tools" "10 seconds" "$network" wheels "$root/requirements-build.txt"
step torch "$(contents "$root/requirements-torch.txt")" \
    "torch for CPUs" "1 to 3 minutes, 190 MB" \
    "Only the pinned CPU build is taken, never one that brings 3 GB for a graphics card. Where pip
does not find it by itself, put the address of the PyTorch project's index of CPU wheels (it ends
in /whl/cpu) into BALCAO_TORCH_INDEX and run this again; it is used for this one step." install_torch
if [[ $with_tests == yes ]]; then
    step libraries-test "$libraries_test" "Python libraries, with those of the tests" \
        "2 to 4 minutes, 450 MB" "$network" install_libraries "$requirements"
    stamp libraries "$libraries" # the tests' list holds the whole of the other one
else
    step libraries "$libraries" "Python libraries" "2 to 4 minutes, 400 MB" "$network" \
        install_libraries "$requirements"
fi
step bindings "$bindings" "llama.cpp's Python side" "30 seconds, 77 MB" \
    "$network" install_bindings "$requirements"
step engine "$engine" "llama.cpp for this machine's processor" "4 to 10 minutes of compiling" \
    "The lines above are the compiler's; check that g++ and cmake work, then run this again." build_engine
step command "$(fingerprint "$(declare -f install_command)")" "the command .venv/bin/appliance" \
    "a second" "" install_command
if [[ $with_tests == yes ]]; then
    step type-checker "$(contents "$root/tests/static/package-lock.json")" \
        "type checker of the browser's code" "20 seconds" \
        "Check that this machine reaches its npm registry, then run this again." install_type_checker
    step openid-provider "$(contents "$root/tests/signin/provider/package-lock.json")" \
        "OpenID provider that sign-in is tested against" "20 seconds" \
        "Check that this machine reaches its npm registry, then run this again." install_provider
fi
if [[ $did_something == yes ]]; then
    rm -rf -- "$venv/tmp"
    say "Set up in $((SECONDS - started)) s; $venv holds $(du -sm -- "$venv" | cut -f1) MB."
fi
