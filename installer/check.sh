#!/usr/bin/env bash
# Every check, in this order: format, lint, types, tests, the browser's types.
# All of them run even when one fails, so that one run tells everything; the last line
# is pytest's summary. Needs what `installer/setup.sh --test` sets up.
# Arguments go to pytest.
set -uo pipefail
unset CDPATH PYTHONPATH PYTHONHOME
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
cd -- "$root" || exit 1
bin="$root/.venv/bin"
failed=()
# The tests commit thousands of small transactions, each flushed: 17 ms a time on a busy
# disk, nothing in memory. Only where that much memory is free: a machine that runs out of
# it is slower than any disk.
free_memory() {
    awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo
}
if [[ -z ${TMPDIR-} && -w /dev/shm ]] &&
    (($(df --output=avail -m /dev/shm | tail -n 1) > 4000 && $(free_memory) > 10000)); then
    memory=$(mktemp -d /dev/shm/balcao.XXXXXX)
    export TMPDIR=$memory
fi
summary=$(mktemp)
trap 'rm -rf -- "$summary" "${memory-}"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A test that calls a program must not wait for a terminal, and tracing must stay off.
export LANGSMITH_TRACING=false LANGCHAIN_TRACING_V2=false OMP_WAIT_POLICY=passive
export PYTHONUNBUFFERED=1 NO_UPDATE_NOTIFIER=1

check() {
    local name=$1 began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed+=("$name")
    printf '   %s: %s s\n' "$name" "$((SECONDS - began))"
}

# A worker for each core; four at most, since each loads models of its own. The tests of a file
# stay together: they share what they set up.
tests() {
    "$bin/python" -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile "$@" </dev/null | tee "$summary"
    return "${PIPESTATUS[0]}"
}

check "format" "$bin/ruff" format --check .
check "lint" "$bin/ruff" check .
check "types" "$bin/mypy"
check "tests" tests "$@"
check "browser types" tests/static/node_modules/.bin/tsc --project static/tsconfig.json

printf '\n'
if ((${#failed[@]})); then
    printf 'failed: %s\n' "$(IFS=,; printf '%s' "${failed[*]}")"
fi
tail -n 1 -- "$summary"
((${#failed[@]} == 0))
