#!/usr/bin/env bash
# Installs Balcão from the bundle this lies in, without a network.
#
#   ./install.sh [what installer/install.sh takes]
#
# Nothing is done before the bundle proved to be whole and its maker's: the signature is
# checked with the key that the first installation left in /etc/balcao/release.gpg; at the
# first one with the bundle's own, whose fingerprint is shown to be compared.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
kept=/etc/balcao/release.gpg
work=

say() { printf '%s\n' "$*"; }
stop() {
    local status=$1
    shift
    printf '\ninstallation stopped: %s\n' "$*" >&2
    exit "$status"
}
trap '[[ -z $work ]] || rm -rf -- "$work"' EXIT

check_signature() {
    local key="$here/release.gpg"
    [[ ! -f $kept ]] || key=$kept
    gpgv --quiet --keyring "$key" "$here/SHA256SUMS.sig" "$here/SHA256SUMS" >"$work/said" 2>&1 ||
        stop 5 "the signature of this bundle is not that of ${key}. Do not use it; fetch it again from where you had it."
    [[ $key == "$kept" ]] ||
        say "Signed by $(sed -n 's/.*key \([0-9A-F]\{16,\}\).*/\1/p' "$work/said"): compare it with what its maker published."
}

check_whole() {
    (cd -- "$here" && sha256sum --check --quiet --strict SHA256SUMS >"$work/said" 2>&1) ||
        stop 5 "this bundle was damaged or changed: $(grep -m1 FAILED "$work/said" || head -n 1 "$work/said"). Fetch it again."
    local beside
    beside=$(cd -- "$here" && find . ! -type d ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort |
        LC_ALL=C comm -23 - <(cut -c67- SHA256SUMS | LC_ALL=C sort) | head -n 1)
    [[ -z $beside ]] || stop 5 "$beside does not belong to this bundle. Unpack it again into an empty folder."
}

check_system() {
    local made_for here_is
    made_for=$(<"$here/MADE-FOR")
    here_is=$(. "${BALCAO_OS_RELEASE:-/etc/os-release}" && printf '%s %s %s' "$ID" "$VERSION_ID" "$(dpkg --print-architecture)")
    [[ $made_for == "$here_is" ]] ||
        stop 3 "this bundle is for $made_for and this server is $here_is. Fetch the one that is for it."
}

# apt and pip see the bundle alone.
use_bundle() {
    ln -s -- "$here" "$work/bundle"
    mkdir -p -- "$work/lists/partial"
    printf 'deb [trusted=yes] file:%s/bundle/debian ./\n' "$work" >"$work/sources.list"
    cat >"$work/apt.conf" <<CONF
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$work/lists";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
    unset PIP_INDEX_URL PIP_EXTRA_INDEX_URL BALCAO_TORCH_INDEX
    export APT_CONFIG="$work/apt.conf" PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1
    export PIP_FIND_LINKS="$work/bundle/wheels" PIP_NO_CACHE_DIR=1
}

# The catalogue's name of a model, by the name of its file.
called() {
    awk -F'"' -v file="$1" '$1 == "name = " { name = $2 } $1 == "file = " && $2 == file { print name; exit }' \
        "$here/program/models/catalogue.toml"
}

# Handed over open: the bundle may lie where the service's user, as which the command works, sees
# nothing (/root).
import_models() {
    local file name
    for file in "$here"/language-models/*.gguf; do
        [[ -f $file ]] || continue
        name=$(called "$(basename -- "$file")")
        /usr/local/bin/appliance models import --name "$name" /dev/fd/3 3<"$file" ||
            stop 1 "Balcão is installed, but not its model $name; the line above says why. Run this again afterwards."
    done
}

((EUID == 0)) || stop 2 "this changes the whole server: run it as root (sudo ./install.sh)."
work=$(mktemp -d)
chmod 755 -- "$work"
say "Checking the bundle"
check_signature
check_whole
check_system
use_bundle
"$here/program/installer/install.sh" "$@"
case " $* " in
    *" rollback "* | *" uninstall "* | *" purge "* | *" --root "*) ;;
    *)
        install -m 0644 -- "$here/release.gpg" "$kept"
        import_models
        ;;
esac
