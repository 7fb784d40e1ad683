#!/usr/bin/env bash
# Installs Balcão as a service of systemd, from this checkout.
#
#   installer/install.sh                          asks three questions, then installs
#   installer/install.sh --config answers.toml    asks nothing; settings as in appliance.toml
#                                                 on a server that has an older release: an upgrade
#   installer/install.sh rollback                 undoes the last upgrade, of program and data
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

say() { printf '%s\n' "$*" || true; } # nobody may be listening any more
already() { say "  already: $*"; }
now() {
    changed=yes
    say "  now:     $*"
}
stop() {
    trap - ERR
    local status=$1
    shift
    printf '\ninstallation stopped: %s\n' "$*" >&2 || true
    exit "$status"
}
trap 'stop 1 "an unexpected failure in install.sh, line $LINENO. Run it again; if it stays, report that line."' ERR
usage() {
    printf 'usage: installer/install.sh [install|rollback|uninstall|purge] [--config FILE] [--root DIR] [--yes]\n' >&2
    exit 2
}

while (($#)); do
    case "$1" in
        install | rollback | uninstall | purge) act=$1 ;;
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
. "$here/releases.sh"

[[ -n $root ]] || ((EUID == 0)) ||
    stop 2 "this changes the whole server: run it as root (sudo installer/install.sh)."

# A service is started only where systemd runs, and never for another root.
has_systemd() { [[ -n ${BALCAO_SYSTEMCTL-} || -z $root && -d /run/systemd/system ]]; }
is_running() { has_systemd && systemd is-active --quiet balcao; }
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
    [[ -n $python || -n $root ]] || { fetch_python && python=$(find_python); }
    [[ -n $python ]] || stop 3 "the packages are pinned for Python 3.11 with its venv module, and" \
        "$(python3 -V 2>/dev/null || echo 'no Python') is here. Debian 12: apt-get install python3 python3-venv." \
        "On Debian 13 and Ubuntu install a Python 3.11 with its venv module and name it:" \
        "BALCAO_PYTHON=/path/to/python3.11 installer/install.sh"
}

# answer NAME DEFAULT [FILE]: what the file says, or the answers, or the installed settings.
answer() {
    local file=${3:-$answers}
    [[ -n $file ]] || file=$settings
    "$python" -IS - "$file" "$1" "$2" <<'PYTHON'
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
    "$python" -IS "$source/appliance/preflight.py" --program "$release" --data "$data" "${running[@]}" \
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

# What the set-up has done, as it notes it itself.
stamps() { find "$release/.venv/stamps" -type f -exec sha256sum {} + 2>/dev/null || true; }

set_up() {
    local before after
    before=$(stamps)
    (umask 022 && BALCAO_PYTHON=$python "$release/installer/setup.sh") || stop 1 "the set-up did not end well; its words are above."
    after=$(stamps)
    [[ $before == "$after" ]] || changed=yes
}

check_answers() {
    [[ -z $answers ]] || accepts "$release" "$answers" ||
        stop 2 "the answers were refused; the line above says why."
}

write_settings() {
    [[ -n $answers ]] || { already "$settings"; return; }
    # Not by a pipe: in its subshell nobody would hear that something changed, and the service
    # would go on with the settings of before.
    put "$settings" 0640 "$(number_of 4)" < <(
        say "# Explained in /opt/balcao/current/installer/README.md; a change takes effect at the next start."
        grep -q '^data_dir' -- "$answers" || say 'data_dir = "/var/lib/appliance"'
        cat -- "$answers"
    )
}

# The command as an administrator types it: the service's user and its settings.
write_command() {
    put "$command" 0755 0 <<'SCRIPT'
#!/bin/sh
export APPLIANCE_CONFIG=/etc/balcao/appliance.toml
[ "$(id -u)" = 0 ] || exec /opt/balcao/current/.venv/bin/appliance "$@"
exec setpriv --reuid balcao --regid balcao --init-groups /opt/balcao/current/.venv/bin/appliance "$@"
SCRIPT
}

start() {
    has_systemd || { say "No systemd is at work here; the service starts with the server: systemctl enable --now balcao"; return; }
    begin || stop 1 "$(not_ready "$release")"
    config=$settings
    as_service "$release" setup-code 2>/dev/null || say "Sign in with the account you made."
}

install_all() {
    need_python
    [[ -z $answers || -r $answers ]] || stop 2 "$answers cannot be read."
    [[ -z $answers ]] || answer port 8080 >/dev/null 2>&1 || stop 2 "$answers is no TOML; see installer/README.md, Settings."
    find_release
    refuse_older
    ask_questions
    preflight
    one_at_a_time
    say "Installing Balcão $(version_of "$source")${root:+ under $root}"
    mkdir -p -- "$root/etc/systemd/system" "$root/usr/local/bin" "$root/var/lib"
    make_user
    copy_program
    set_up
    step
    folder "$data" 0700 "$(number_of 3):$(number_of 4)"
    folder "$root/etc/balcao" 0750 "0:$(number_of 4)"
    check_answers
    if [[ -n $former && $former != "$release" ]]; then
        upgrade_program
    else
        keep_program
    fi
}

# The first release, or the one that is there already.
keep_program() {
    [[ -n $former ]] || point_at "$release"
    write_settings
    lay_around
    if [[ $changed == no ]] && { ! has_systemd || is_running; }; then
        say "Nothing to do: everything is as it should be."
    else
        start
        say "Installed."
    fi
    prune
}

# ---------------------------------------------------------------- removing

remove_program() {
    if has_systemd && [[ -f $unit ]]; then
        systemd --quiet disable --now balcao || stop 1 "the service could not be stopped: systemctl status balcao"
    fi
    rm -rf -- "$program" "$unit" "$command"
    ! has_systemd || systemd daemon-reload
}

# The program's own script is gone with it.
uninstall() {
    local again="$source/installer/install.sh"
    [[ $source != "$program"/* ]] || again="install.sh of the checkout or bundle that it came from, with"
    remove_program
    say "Removed: the program, its unit, its command."
    say "Kept: $data, $(dirname -- "$settings") and the user $account. To remove those: $again purge"
}

# Where the settings put the data, if that is not where we do. Python may be gone by now.
data_elsewhere() {
    [[ ! -f $settings ]] || sed -n 's/^ *data_dir *= *"\([^"]*\)".*/\1/p' -- "$settings" | grep -vxF /var/lib/appliance || true
}

purge() {
    local elsewhere
    elsewhere=$(data_elsewhere)
    if [[ $yes == no ]]; then
        say "This removes every document, conversation and account in $data; backups in other folders stay."
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
    [[ -z $elsewhere ]] || say "Not removed: $elsewhere, where the settings had the data. Remove that yourself."
}

case "$act" in
    install) install_all ;;
    rollback) rollback ;;
    uninstall) uninstall ;;
    purge) purge ;;
esac
