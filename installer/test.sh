#!/usr/bin/env bash
# Sets everything up, then runs every check and every test; 0 only if all are well.
# Arguments go to pytest: installer/test.sh tests/test_docs.py -k settings
set -Eeuo pipefail
unset CDPATH
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
"$here/setup.sh" --test
exec "$here/check.sh" "$@"
