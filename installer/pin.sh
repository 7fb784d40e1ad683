#!/usr/bin/env bash
# Writes the pinned requirements again, after pyproject.toml changed or to take newer
# versions:
#
#   installer/pin.sh              keeps every version that still fits
#   installer/pin.sh --upgrade    takes the newest of each
#
# A developer's tool: needs the network, and uv (`.venv/bin/pip install uv`).
# requirements-torch.txt is written by hand: torch's CPU wheel is not where uv looks, and
# its hash comes from `pip hash` on the wheel that `pip download` brings.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
uv=$(command -v .venv/bin/uv || command -v uv) || {
    echo "uv is not there: .venv/bin/pip install uv" >&2
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# No addresses of registries in what is committed, and no CUDA: torch's own needs on
# Linux (triton, nvidia-*, cuda-*) are for a graphics card, 3.1 GB of them. And no
# python-multipart, which mcp names for its sign-in pages (we have none): it brings a
# folder `multipart` that stands before the module of that name by which uploads are read.
flags=(
    --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
    --python-version 3.11
)
sed -n 's/^\(torch==[0-9.]*\).*/\1/p' requirements-torch.txt >"$work/torch.txt"

compile() { # FILE INPUT…
    local file=$1
    shift
    [[ ! -f $file ]] || cp -- "$file" "$work/$file"
    "$uv" pip compile "${flags[@]}" --constraints "$work/torch.txt" \
        --no-emit-package torch --no-emit-package triton --no-emit-package python-multipart \
        "${upgrade[@]}" --output-file "$work/$file" "$@"
    # uv takes no pattern for the packages to leave out.
    awk '/^[a-zA-Z]/ { skip = /^(nvidia|cuda)-/ } !skip' "$work/$file" >"$file"
    echo "$file: $(grep -c '^[a-zA-Z]' "$file") packages"
}

beyond() { # FILE OTHER: keeps of FILE only the packages that OTHER does not name
    awk 'NR == FNR { seen[$1]; next } /^[a-zA-Z]/ { skip = $1 in seen } !skip' "$2" "$1" >"$work/rest"
    mv -- "$work/rest" "$1"
    echo "$1: $(grep -c '^[a-zA-Z]' "$1") of them beside $2"
}

upgrade=()
[[ ${1-} != --upgrade ]] || upgrade=(--upgrade)
printf '%s\n' pip setuptools 'scikit-build-core[pyproject]' >"$work/build.in"

compile requirements-test.txt --no-emit-package pip --extra test pyproject.toml
compile requirements.txt --no-emit-package pip --constraints requirements-test.txt pyproject.toml
compile requirements-providers.txt --no-emit-package pip --constraints requirements-test.txt \
    --extra providers pyproject.toml
beyond requirements-providers.txt requirements.txt
compile requirements-build.txt --constraints requirements-test.txt "$work/build.in"
