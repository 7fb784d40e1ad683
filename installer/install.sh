#!/usr/bin/env bash
# Installs Balcão as a service of systemd, from this checkout.
#
#   installer/install.sh                          asks three questions, then installs
#   installer/install.sh --config answers.toml    asks nothing; settings as in appliance.toml
#   installer/install.sh uninstall                removes the program; data, settings, user stay
#   installer/install.sh purge [--yes]            removes those as well, after a word is typed
#   … --root DIR                                  lays everything out under DIR; starts nothing
#
# A second run changes nothing and says so; one with other answers, or from a newer checkout,
# changes what is different. Exit: 0 done, or nothing to do · 1 something did not work · 2 wrong
# usage or answers · 3 the server lacks something (each line says what to do) · 4 not confirmed.
set -Eeuo pipefail
unset CDPATH PYTHONPATH PYTHONHOME

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source=$(dirname -- "$here")
account=balcao
act=install
answers=
root=
yes=no
changed=no
PARTS=(appliance static models installer pyproject.toml README.md CHANGELOG.md LICENSE
    requirements.txt requirements-build.txt requirements-torch.txt requirements-test.txt
    requirements-providers.txt)

say() { printf '%s\n' "$*"; }
already() { say "  already: $*"; }
now() {
    changed=yes
    say "  now:     $*"
}
stop() {
    trap - ERR
    local status=$1
    shift
    printf '\ninstallation stopped: %s\n' "$*" >&2
    exit "$status"
}
trap 'stop 1 "an unexpected failure in install.sh, line $LINENO. Run it again; if it stays, report that line."' ERR
usage() {
    printf 'usage: installer/install.sh [install|uninstall|purge] [--config FILE] [--root DIR] [--yes]\n' >&2
    exit 2
}

while (($#)); do
    case "$1" in
        install | uninstall | purge) act=$1 ;;
        --config) [[ -n ${2-} ]] || usage; answers=$(realpath -m -- "$2"); shift ;;
        --root) [[ -n ${2-} ]] || usage; root=$(realpath -m -- "$2"); shift ;;
        --yes) yes=yes ;;
        *) usage ;;
    esac
    shift
done

program="$root/opt/balcao"
data="$root/var/lib/appliance"
settings="$root/etc/balcao/appliance.toml"
unit="$root/etc/systemd/system/balcao.service"
command="$root/usr/local/bin/appliance"

[[ -n $root ]] || ((EUID == 0)) ||
    stop 2 "this changes the whole server: run it as root (sudo installer/install.sh)."

# A service is started only where systemd runs, and never for another root.
has_systemd() { [[ -z $root && -d /run/systemd/system ]]; }
is_running() { has_systemd && systemctl is-active --quiet balcao; }
as_owner() { ((EUID != 0)) || chown -h -- "$1" "$2"; }
number_of() { awk -F: -v name="$account" -v column="$1" '$1 == name { print $column }' "$root/etc/passwd"; }

# Puts a file in place only where it differs; reads it from standard input.
put() {
    local file=$1 mode=$2 group=$3 fresh
    fresh=$(mktemp -- "$(dirname -- "$file")/.balcao.XXXXXX")
    cat >"$fresh"
    chmod -- "$mode" "$fresh"
    as_owner "0:$group" "$fresh"
    if [[ -f $file ]] && cmp -s -- "$fresh" "$file" && [[ $(stat -c %a -- "$file") == "${mode#0}" ]]; then
        rm -f -- "$fresh"
        already "$file"
        return
    fi
    mv -f -- "$fresh" "$file"
    now "$file"
}

folder() {
    local path=$1 mode=$2 owner=$3
    if [[ -d $path && $(stat -c %a -- "$path") == "${mode#0}" ]]; then
        already "$path"
        return
    fi
    mkdir -p -- "$path"
    chmod -- "$mode" "$path"
    as_owner "$owner" "$path"
    now "$path"
}

# ---------------------------------------------------------------- before anything is changed

find_python() {
    local candidate
    for candidate in "${BALCAO_PYTHON:-}" python3.11 python3; do
        [[ -n $candidate ]] && command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
}

# Debian 12's own Python is the one; on a bare server it is not there yet.
fetch_python() {
    command -v apt-get >/dev/null || return 0
    apt-get -qq -o DPkg::Lock::Timeout=300 update || true
    [[ $(apt-cache policy python3) == *'Candidate: 3.11.'* ]] || return 0
    say "  now:     installing Debian packages with apt-get: python3 python3-venv"
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends python3 python3-venv >/dev/null ||
        stop 1 "apt-get could not install python3 and python3-venv. Its words are above."
}

need_python() {
    python=$(find_python)
    [[ -n $python || -n $root ]] || fetch_python
    python=$(find_python)
    [[ -n $python ]] || stop 3 "the packages are pinned for Python 3.11 with its venv module, and" \
        "$(python3 -V 2>/dev/null || echo 'no Python') is here. Debian 12: apt-get install python3 python3-venv." \
        "On Debian 13 and Ubuntu install a Python 3.11 with its venv module and name it:" \
        "BALCAO_PYTHON=/path/to/python3.11 installer/install.sh"
}

# answer NAME DEFAULT: what the answers, else the installed settings, say.
answer() {
    local file=$answers
    [[ -n $file ]] || file=$settings
    "$python" - "$file" "$1" "$2" <<'PYTHON'
import pathlib, sys, tomllib
file, name, otherwise = sys.argv[1:]
path = pathlib.Path(file)
values = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
print(values.get(name, otherwise))
PYTHON
}

ask() {
    local question=$1 default=$2 reply
    read -r -p "$question [$default] " reply || stop 4 "no answer."
    printf '%s' "${reply:-$default}"
}

ask_questions() {
    [[ -z $answers && ! -f $settings ]] || return 0
    [[ -t 0 || -n ${BALCAO_ASK-} ]] ||
        stop 2 "nobody is here to be asked: name a file of answers (--config answers.toml)."
    local language port address
    language=$(ask "Language of messages (pt, en, es)" pt)
    port=$(ask "Port on this machine" 8080)
    address=$(ask "Address that people use, as https://balcao.example (empty: this machine only)" "")
    answers=$(mktemp)
    trap 'rm -f -- "$answers"' EXIT
    printf 'language = "%s"\nport = %s\npublic_url = "%s"\n' "$language" "$port" "$address" >"$answers"
}

preflight() {
    local running=()
    ! is_running || running=(--running)
    [[ -n $root ]] && running=(--running) # another root's port is not this machine's
    "$python" -P "$source/appliance/preflight.py" --program "$program" --data "$data" "${running[@]}" \
        --language "$(answer language pt)" --host "$(answer host 127.0.0.1)" --port "$(answer port 8080)" ||
        stop 3 "the lines above say what has to be mended first (✗); Balcão was not installed."
}

# ---------------------------------------------------------------- installing

make_user() {
    if [[ -n $(number_of 3) ]]; then
        already "user $account"
        return
    fi
    useradd ${root:+--prefix "$root"} --system --user-group --no-create-home \
        --home-dir /var/lib/appliance --shell /usr/sbin/nologin "$account" >/dev/null ||
        stop 1 "the user $account could not be made. useradd's words are above."
    now "user $account"
}

# The fingerprint of the sources is written last: a copy that was interrupted is made again.
copy_program() {
    local made_of part parts=()
    for part in "${PARTS[@]}"; do
        [[ ! -e $source/$part ]] || parts+=("$part")
    done
    made_of=$(cd -- "$source" && find "${parts[@]}" -type f ! -path '*/__pycache__/*' ! -path '*/node_modules/*' \
        -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
    if [[ $source == "$program" || -f $program/.copied && $(<"$program/.copied") == "$made_of" ]]; then
        already "$program"
        return
    fi
    mkdir -p -- "$program"
    for part in "${parts[@]}"; do
        rm -rf -- "${program:?}/$part"
        cp -R -- "$source/$part" "$program/$part"
    done
    find "$program" -path "$program/.venv" -prune -o \( -name __pycache__ -o -name node_modules \) -prune -exec rm -rf {} +
    chmod -R go+rX,go-w -- "$program"
    as_owner 0:0 "$program"
    ((EUID != 0)) || chown -R 0:0 -- "$program"
    printf '%s\n' "$made_of" >"$program/.copied"
    now "$program"
}

# What the set-up has done, as it notes it itself.
stamps() { find "$program/.venv/stamps" -type f -exec sha256sum {} + 2>/dev/null || true; }

set_up() {
    local before after
    before=$(stamps)
    (umask 022 && BALCAO_PYTHON=$python "$program/installer/setup.sh") || stop 1 "the set-up did not end well; its words are above."
    after=$(stamps)
    [[ $before == "$after" ]] || changed=yes
}

write_settings() {
    [[ -n $answers ]] || { already "$settings"; return; }
    "$program/.venv/bin/python" -P - "$answers" <<'PYTHON' || stop 2 "the answers were refused; the line above says why."
import pathlib, sys
from appliance.settings import BadSettings, load
try:
    load({}, pathlib.Path(sys.argv[1]))
except BadSettings as fault:
    sys.exit(str(fault))
PYTHON
    {
        say "# Explained in /opt/balcao/installer/README.md; a change takes effect at the next start."
        grep -q '^data_dir' -- "$answers" || say 'data_dir = "/var/lib/appliance"'
        cat -- "$answers"
    } | put "$settings" 0640 "$(number_of 4)"
}

# The command as an administrator types it: the service's user and its settings.
write_command() {
    put "$command" 0755 0 <<'SCRIPT'
#!/bin/sh
export APPLIANCE_CONFIG=/etc/balcao/appliance.toml
[ "$(id -u)" = 0 ] || exec /opt/balcao/.venv/bin/appliance "$@"
exec setpriv --reuid balcao --regid balcao --init-groups /opt/balcao/.venv/bin/appliance "$@"
SCRIPT
}

start() {
    has_systemd || { say "No systemd is at work here; the service starts with the server: systemctl enable --now balcao"; return; }
    systemctl daemon-reload
    systemctl --quiet enable balcao
    systemctl restart balcao || stop 1 "the service did not start: journalctl -u balcao -n 50 says why."
    "$command" setup-code 2>/dev/null || say "Sign in with the account you made."
}

install_all() {
    need_python
    [[ -z $answers || -r $answers ]] || stop 2 "$answers cannot be read."
    [[ -z $answers ]] || answer port 8080 >/dev/null 2>&1 || stop 2 "$answers is no TOML; see installer/README.md, Settings."
    ask_questions
    preflight
    say "Installing Balcão${root:+ under $root}"
    mkdir -p -- "$root/etc/systemd/system" "$root/usr/local/bin" "$root/var/lib"
    make_user
    copy_program
    set_up
    folder "$data" 0700 "$(number_of 3):$(number_of 4)"
    folder "$root/etc/balcao" 0750 "0:$(number_of 4)"
    write_settings
    put "$unit" 0644 0 <"$program/installer/balcao.service"
    write_command
    if [[ $changed == no ]]; then
        say "Nothing to do: everything is as it should be."
        return
    fi
    start
    say "Installed."
}

# ---------------------------------------------------------------- removing

remove_program() {
    if has_systemd && [[ -f $unit ]]; then
        systemctl --quiet disable --now balcao || stop 1 "the service could not be stopped: systemctl status balcao"
    fi
    rm -rf -- "$program" "$unit" "$command"
    ! has_systemd || systemctl daemon-reload
}

uninstall() {
    remove_program
    say "Removed: the program, its unit, its command."
    say "Kept: $data, $(dirname -- "$settings") and the user $account. To remove those: installer/install.sh purge"
}

purge() {
    if [[ $yes == no ]]; then
        say "This removes every document, conversation and account in $data, and no copy is kept."
        local word=
        read -r -p "Type the word erase to go on: " word || true
        [[ $word == erase ]] || stop 4 "not confirmed; nothing was removed."
    fi
    remove_program
    rm -rf -- "$data" "$(dirname -- "$settings")"
    [[ -z $(number_of 3) ]] || userdel ${root:+--prefix "$root"} "$account" >/dev/null 2>&1 ||
        stop 1 "the user $account could not be removed: userdel $account says why."
    say "Removed, with all data. Blocks of a disk keep what was on them until they are written again: where"
    say "that matters, encrypt the disk beforehand, or erase it (blkdiscard, or the maker's secure erase)."
}

case "$act" in
    install) install_all ;;
    uninstall) uninstall ;;
    purge) purge ;;
esac
