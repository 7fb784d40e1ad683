#!/usr/bin/env bash
# Sets Balcão up in this checkout and starts it with a sample assistant.
#
#   installer/try.sh                  data in ./data, on port 8080, until Ctrl-C
#   installer/try.sh --port 9000      on another port
#   installer/try.sh --check          asks the sample assistant three questions and ends:
#                                     0 only if each answer is right and cites the right page
#
# --check has a port and a temporary data folder of its own; it never touches ./data.
# APPLIANCE_DATA_DIR, APPLIANCE_HOST and APPLIANCE_PORT are honoured where they are set.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
python="$root/.venv/bin/python"
appliance="$root/.venv/bin/appliance"
check=no
server=
temporary=

say() { printf '%s\n' "$*"; }
stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}
usage() {
    printf 'usage: installer/try.sh [--check] [--port N]\n' >&2
    exit 2
}

while (($#)); do
    case "$1" in
        --check) check=yes ;;
        --port)
            [[ ${2-} =~ ^[0-9]{1,5}$ ]] && ((10#$2 >= 1 && 10#$2 <= 65535)) || usage
            APPLIANCE_PORT=$2
            shift
            ;;
        *) usage ;;
    esac
    shift
done

# SIGTERM lets running answers end; a process that dies of that very signal stopped well
# (uvicorn raises it again after a clean stop), so its status is not looked at.
clean_up() {
    trap '' INT TERM
    if [[ -n $server ]] && kill -0 "$server" 2>/dev/null; then
        kill -TERM "$server" 2>/dev/null || true
        (sleep 20 && kill -KILL "$server") >/dev/null 2>&1 &
        local watchdog=$!
        wait "$server" 2>/dev/null || true
        kill "$watchdog" 2>/dev/null || true
    fi
    [[ -z $temporary ]] || rm -rf -- "$temporary"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port_is_free() {
    "$python" - "$APPLIANCE_HOST" "$APPLIANCE_PORT" <<'PYTHON'
import socket, sys
host, port = sys.argv[1], int(sys.argv[2])
with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        trial.bind((host, port))
    except OSError as fault:
        print(f"{fault.strerror}", file=sys.stderr)
        sys.exit(1)
PYTHON
}

a_free_port() {
    "$python" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Ends well at the first 200, ill when the server is gone or two minutes are over.
wait_until_ready() {
    "$python" - "$1" "$server" <<'PYTHON'
import os, sys, time, urllib.error, urllib.request
address, server = sys.argv[1], int(sys.argv[2])
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
until = time.monotonic() + 120
while time.monotonic() < until:
    try:
        with direct.open(f"{address}/health/ready", timeout=5):
            sys.exit(0)
    except (OSError, urllib.error.URLError):
        pass
    with open(f"/proc/{server}/stat") as stat:
        if stat.read().rpartition(") ")[2].startswith("Z"):
            sys.exit(1)
    time.sleep(0.2)
sys.exit(1)
PYTHON
}

show_log() {
    printf '\nThe end of its log:\n' >&2
    tail -n 25 -- "$log" | sed 's/^/    /' >&2
}

"$here/setup.sh"

export APPLIANCE_HOST="${APPLIANCE_HOST:-127.0.0.1}"
if [[ $check == yes ]]; then
    temporary=$(mktemp -d "${TMPDIR:-/tmp}/balcao-check.XXXXXX")
    # The product as it comes: an appliance.toml of this machine has no say in the check.
    unset APPLIANCE_CONFIG
    cd -- "$temporary"
    export APPLIANCE_DATA_DIR="$temporary/data" APPLIANCE_PORT="${APPLIANCE_PORT:-$(a_free_port)}"
    log="$temporary/serve.log"
else
    APPLIANCE_DATA_DIR=$(realpath -m -- "${APPLIANCE_DATA_DIR:-$root/data}")
    [[ -z ${APPLIANCE_CONFIG-} ]] || APPLIANCE_CONFIG=$(realpath -m -- "$APPLIANCE_CONFIG")
    cd -- "$root"
    export APPLIANCE_DATA_DIR APPLIANCE_PORT="${APPLIANCE_PORT:-8080}"
    log="$root/.venv/logs/serve.log"
fi

reason=$(port_is_free 2>&1) ||
    stop "Port $APPLIANCE_PORT on $APPLIANCE_HOST cannot be used: ${reason:-unknown reason}. Perhaps Balcão is" \
        "running already; if it is another program, choose another port: installer/try.sh --port 8090"

case "$APPLIANCE_HOST" in
    0.0.0.0 | ::) address="http://127.0.0.1:$APPLIANCE_PORT" ;;
    *:*) address="http://[$APPLIANCE_HOST]:$APPLIANCE_PORT" ;;
    *) address="http://$APPLIANCE_HOST:$APPLIANCE_PORT" ;;
esac

mkdir -p -- "$(dirname -- "$log")"
say "Starting Balcão (data in $APPLIANCE_DATA_DIR)"
"$appliance" serve >"$log" 2>&1 </dev/null &
server=$!
if ! wait_until_ready "$address"; then
    show_log
    stop "Balcão did not start. The reason is above."
fi

if [[ $check == yes ]]; then
    say "Reading the sample documents"
    "$appliance" sample || { show_log; stop "The sample assistant could not be made."; }
    "$appliance" sample --check
    exit 0
fi

"$appliance" sample || { show_log; stop "The sample assistant could not be made."; }
say ""
say "Balcão is running:  $address"
# The code makes the first administrator; when there is one, there is no code to show.
"$appliance" setup-code 2>/dev/null || say "Sign in with the account you made."
say "Log: $log"
say "Ctrl-C stops it; your data stays in $APPLIANCE_DATA_DIR"
status=0
wait "$server" || status=$?
show_log
stop "Balcão stopped by itself (status $status). The reason is above; installer/try.sh starts it again."
