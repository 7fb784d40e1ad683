#!/usr/bin/env bash
# Makes one signed file from which Balcão is installed without any network.
#
#   installer/bundle.sh --key KEY [--models FOLDER] OUT
#
# KEY is a secret key of this machine's GnuPG that signs; FOLDER holds language models (GGUF) that
# come along, each with the file name that models/catalogue.toml has for it. In OUT arrive
# balcao-VERSION-debian-12-amd64.tar, its signature (.sig) and
# release.gpg, the public key that people check it with. It holds the committed program, every
# pinned Python package, llama.cpp's source, the Debian packages with all they need, a list of
# what is in it (CycloneDX), checksums, and offline.sh, which checks them and installs.
#
# A developer's tool: needs the network, the set-up of the tests, and to run on the very Debian
# that the bundle is for.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME PIP_REQUIRE_HASHES
export PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
python="$root/.venv/bin/python"
key=
models=
out=
work=
DEBIAN=(python3 python3-venv g++ cmake make tesseract-ocr tesseract-ocr-por tesseract-ocr-eng tesseract-ocr-spa)
PROGRAM=(appliance static models installer pyproject.toml README.md CHANGELOG.md LICENSE
    requirements.txt requirements-build.txt requirements-torch.txt requirements-test.txt
    requirements-providers.txt)

say() { printf '%s\n' "$*"; }
stop() {
    trap - ERR
    printf 'bundle: %s\n' "$*" >&2
    exit 1
}
usage() {
    printf 'usage: installer/bundle.sh --key KEY [--models FOLDER] OUT\n' >&2
    exit 2
}
trap 'stop "an unexpected failure in bundle.sh, line $LINENO."' ERR
trap '[[ -z $work ]] || rm -rf -- "$work"' EXIT

while (($#)); do
    case "$1" in
        --key) [[ -n ${2-} ]] || usage; key=$2; shift ;;
        --models) [[ -d ${2-} ]] || usage; models=$(realpath -- "$2"); shift ;;
        -*) usage ;;
        *) [[ -z $out ]] || usage; out=$(realpath -m -- "$1") ;;
    esac
    shift
done
[[ -n $key && -n $out ]] || usage

check_tools() {
    local tool
    for tool in git gpg apt-get dpkg-deb "$python"; do
        command -v "$tool" >/dev/null || stop "$tool is not here. Run installer/setup.sh --test, and apt-get install git gnupg."
    done
    gpg --batch --list-secret-keys -- "$key" >/dev/null 2>&1 ||
        stop "GnuPG has no secret key $key here: gpg --list-secret-keys shows those there are."
    [[ -z $(git -C "$root" status --porcelain) ]] ||
        stop "this checkout has changes that are not committed; a bundle holds a commit."
}

# A server takes a model by the catalogue's name of its file, and no other.
check_models() {
    local file
    [[ -n $models ]] || return 0
    for file in "$models"/*.gguf; do
        [[ -f $file ]] || stop "$models holds no model (GGUF)."
        grep -qxF -- "file = \"$(basename -- "$file")\"" "$root/models/catalogue.toml" ||
            stop "$(basename -- "$file") is the file of no model of models/catalogue.toml: name it as it is there."
    done
}

copy_program() {
    mkdir -p -- "$stage/program"
    git -C "$root" archive HEAD -- "${PROGRAM[@]}" | tar -x -C "$stage/program"
    cp -- "$stage/program/installer/offline.sh" "$stage/install.sh"
}

fetch() { "$python" -m pip download --quiet --no-deps --require-hashes --dest "$stage/wheels" "$@"; }
without_bindings() { awk '/^[a-zA-Z]/ { skip = /^llama-cpp-python==/ } !skip' "$root/requirements.txt"; }
only_bindings() { awk '/^[a-zA-Z]/ { keep = /^llama-cpp-python==/ } keep' "$root/requirements.txt"; }

# llama.cpp comes as source and is compiled for the processor that it meets: a build for any
# processor reads prompts 2.6 times slower.
fetch_wheels() {
    mkdir -p -- "$stage/wheels"
    fetch --only-binary :all: -r "$root/requirements-build.txt"
    fetch --only-binary :all: -r "$root/requirements-torch.txt" \
        ${BALCAO_TORCH_INDEX:+--extra-index-url "$BALCAO_TORCH_INDEX"}
    fetch --only-binary :all: -r <(without_bindings)
    CMAKE_ARGS=-DLLAMA_BUILD=OFF fetch --no-build-isolation --no-binary :all: -r <(only_bindings)
}

# As for a machine on which nothing is installed, so that whatever a server lacks is in it.
fetch_debian() {
    mkdir -p -- "$stage/debian/partial"
    apt-get -qq -y -o Dir::State::status=/dev/null -o Dir::Cache::archives="$stage/debian" \
        -o Debug::NoLocking=1 -o APT::Sandbox::User= --no-install-recommends --download-only \
        install "${DEBIAN[@]}" || stop "apt-get could not fetch the Debian packages; apt-get update first?"
    rm -rf -- "$stage/debian/partial" "$stage/debian/lock"
}

# What apt reads where a repository has no server.
list_debian() {
    local file
    for file in "$stage"/debian/*.deb; do
        dpkg-deb --field "$file"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$(basename -- "$file")" \
            "$(stat -c %s -- "$file")" "$(sha256sum -- "$file" | cut -d' ' -f1)"
    done >"$stage/debian/Packages"
}

seal() {
    printf '%s %s %s\n' "$ID" "$VERSION_ID" "$(dpkg --print-architecture)" >"$stage/MADE-FOR"
    "$python" -P "$here/sbom.py" --version "$version" "$stage" >"$stage/sbom.cdx.json"
    gpg --batch --export -- "$key" >"$stage/release.gpg"
    (cd -- "$stage" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)
    sign "$stage/SHA256SUMS"
}

sign() { gpg --batch --yes --local-user "$key" --output "$1.sig" --detach-sign -- "$1"; }

check_tools
check_models
. /etc/os-release
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$root/appliance/__init__.py")
name="balcao-$version-$ID-$VERSION_ID-$(dpkg --print-architecture)"
mkdir -p -- "$out"
work=$(mktemp -d -- "$out/.bundle.XXXXXX")
stage="$work/$name"
say "The program"
copy_program
say "The Python packages, 700 MB"
fetch_wheels
say "The Debian packages, 150 MB"
fetch_debian
list_debian
if [[ -n $models ]]; then
    say "The language models"
    mkdir -p -- "$stage/language-models"
    install -m 0644 -- "$models"/*.gguf "$stage/language-models/"
fi
say "Checksums and signature"
seal
tar -C "$work" --owner=0 --group=0 --numeric-owner -cf "$work/$name.tar" "$name"
sign "$work/$name.tar"
mv -f -- "$work/$name.tar" "$work/$name.tar.sig" "$out/"
cp -- "$stage/release.gpg" "$out/"
say "$out/$name.tar: $(du -m -- "$out/$name.tar" | cut -f1) MB, signed by"
gpg --batch --with-colons --fingerprint -- "$key" | awk -F: '$1 == "fpr" { print $10; exit }'
