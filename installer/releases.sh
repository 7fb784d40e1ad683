# Releases side by side, and the way from one to the next and back. install.sh reads this in.
#
#   /opt/balcao/releases/VERSION-FINGERPRINT   a program with its own Python environment, which
#                                              works at its place alone; in it `.before` names the
#                                              release that it followed
#   /opt/balcao/current                        which of them runs, changed by one rename
#
# Killed anywhere, what `current` names works with the data as it is: on the way up the program
# goes first (a program brings older data up at its start), on the way back data and settings do
# (up to the rename the newer program brings them up once more). At most two releases are kept.

releases="$program/releases"

# Where the tests pull the plug; without BALCAO_CRASH_AT a step does nothing.
passed=0
step() {
    passed=$((passed + 1))
    ((passed != ${BALCAO_CRASH_AT:-0})) || kill -KILL $$
}

# From here to the end a closed terminal or Ctrl-C would leave the service stopped.
hold_on() { trap '' HUP INT TERM PIPE; }

one_at_a_time() {
    mkdir -p -- "$releases"
    exec 7>"$program/.lock"
    flock -n 7 || stop 1 "another installation is at work on this server. Wait for its end and try again."
}

# ---------------------------------------------------------------- which release is which

version_of() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$1/appliance/__init__.py"; }
current() { [[ ! -L $program/current ]] || readlink -f -- "$program/current"; }

# The release that another one followed, while it is there.
before() {
    local name
    [[ -s $1/.before ]] || return 0
    name=$(<"$1/.before")
    [[ ! -d $releases/$name ]] || printf '%s' "$releases/$name"
}

# The settings that a release had when the next one took its place.
settings_of() { printf '%s/.before-%s' "$(dirname -- "$settings")" "$(basename -- "$1")"; }

fingerprint_of_source() {
    local part parts=()
    for part in "${PARTS[@]}"; do
        [[ ! -e $source/$part ]] || parts+=("$part")
    done
    (cd -- "$source" && find "${parts[@]}" -type f ! -path '*/__pycache__/*' ! -path '*/node_modules/*' \
        -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

find_release() {
    former=$(current)
    if [[ $source == "$releases"/* ]]; then
        release=$source
        made_of=$(<"$release/.copied")
    else
        made_of=$(fingerprint_of_source)
        release="$releases/$(version_of "$source")-${made_of:0:8}"
    fi
    [[ -n $former || ! -d $program/.venv ]] ||
        stop 3 "$program is laid out as before the first release. Remove it, which keeps data and settings," \
            "and install again: installer/install.sh uninstall"
}

refuse_older() {
    local here there
    [[ -n $former ]] || return 0
    here=$(version_of "$former") there=$(version_of "$source")
    [[ $(printf '%s\n' "$here" "$there" | sort -V | tail -n 1) == "$there" ]] ||
        stop 2 "this is version $there, and $here is installed. To go back to the version before:" \
            "$program/current/installer/install.sh rollback"
}

# ---------------------------------------------------------------- laying a release out

# The fingerprint of the sources is written last: a copy that was interrupted is made again.
copy_program() {
    local part
    if [[ $source == "$release" || -f $release/.copied && $(<"$release/.copied") == "$made_of" ]]; then
        already "$release"
        return
    fi
    mkdir -p -- "$release"
    for part in "${PARTS[@]}"; do
        rm -rf -- "${release:?}/$part"
        [[ ! -e $source/$part ]] || cp -R -- "$source/$part" "$release/$part"
    done
    step
    find "$release" -path "$release/.venv" -prune -o \( -name __pycache__ -o -name node_modules \) -prune -exec rm -rf {} +
    chmod go+rX,go-w -- "$program" "$releases"
    chmod -R go+rX,go-w -- "$release"
    ((EUID != 0)) || chown -R 0:0 -- "$release"
    printf '%s\n' "$made_of" >"$release/.copied"
    now "$release"
    step
}

point_at() {
    rm -f -- "$program/.current"
    ln -s -- "releases/$(basename -- "$1")" "$program/.current"
    mv -T -- "$program/.current" "$program/current"
    step
}

# Renamed before it is removed: half a release is none.
prune() {
    local one keep
    keep=$(current)
    rm -rf -- "$program"/.gone.*
    for one in "$releases"/*; do
        [[ $one == "$keep" || $one == "$(before "$keep")" ]] || mv -T -- "$one" "$program/.gone.$(basename -- "$one")"
    done
    step
    rm -rf -- "$program"/.gone.*
    for one in "$(dirname -- "$settings")"/.before-*; do
        [[ $one == "$(settings_of "$(before "$keep")")" ]] || rm -f -- "$one"
    done
}

# ---------------------------------------------------------------- the service

systemd() { "${BALCAO_SYSTEMCTL:-systemctl}" "$@" 7>&-; }

# Started, and ready to be asked (/health/ready). What failed before is forgotten: systemd would
# refuse to start once more what was started too often.
begin() {
    local host port deadline=$((SECONDS + ${BALCAO_READY_SECONDS:-300}))
    has_systemd || return 0
    systemd daemon-reload
    systemd --quiet enable balcao
    systemd reset-failed balcao >/dev/null 2>&1 || true
    systemd restart balcao || return 1
    host=$(answer host 127.0.0.1 "$settings") port=$(answer port 8080 "$settings")
    while ((SECONDS < deadline)); do
        ! is_ready "$host" "$port" || return 0
        is_running || return 1
        sleep 0.5
    done
    return 1
}

is_ready() {
    "$python" -IS - "$1" "$2" <<'PYTHON'
import http.client, ssl, sys, urllib.request
host = f"[{sys.argv[1]}]" if ":" in sys.argv[1] else sys.argv[1]
ask = urllib.request.build_opener(
    urllib.request.ProxyHandler({}),
    urllib.request.HTTPSHandler(context=ssl._create_unverified_context()),
)
for scheme in ("http", "https"):
    try:
        with ask.open(f"{scheme}://{host}:{sys.argv[2]}/health/ready", timeout=5) as answer:
            sys.exit(answer.status != 200)
    except (OSError, ValueError, http.client.HTTPException):
        pass
sys.exit(1)
PYTHON
}

halt() {
    has_systemd && [[ -f $unit ]] || return 0
    systemd stop balcao || stop 1 "the service could not be stopped: systemctl status balcao"
    step
}

# as_service RELEASE …: its command as the service's user, over the service's data.
as_service() {
    local program_of=$1 who=()
    shift
    [[ -n $root ]] || who=(setpriv --reuid "$account" --regid "$account" --init-groups)
    (cd / && "${who[@]}" env APPLIANCE_CONFIG="$config" APPLIANCE_DATA_DIR="$(data_folder)" \
        "$program_of/.venv/bin/appliance" "$@")
}

# What it says is passed on by us: to a terminal that was closed it could not speak.
heard() {
    local words status=0
    words=$("$@" 2>&1) || status=$?
    [[ -z $words ]] || say "$words"
    return "$status"
}

data_folder() { printf '%s%s' "$root" "$(answer data_dir /var/lib/appliance "$config")"; }

# Whether a release takes these settings; says why not.
accepts() {
    "$1/.venv/bin/python" -P - "$2" <<'PYTHON'
import pathlib, sys
from appliance.settings import BadSettings, load
try:
    load({}, pathlib.Path(sys.argv[1]))
except BadSettings as fault:
    sys.exit(str(fault))
PYTHON
}

# ---------------------------------------------------------------- up

# A look at the data before the service is stopped: no newer program was at it, and it has room.
# By the answers where the release does not know the settings that are there; the service's user
# may not read those, so that it is given a copy.
look_at_data() {
    config=$settings
    if [[ -n $answers ]] && ! accepts "$release" "$settings" >/dev/null 2>&1; then
        config=$(settings_of "$release")
        put "$config" 0640 "$(number_of 4)" <"$answers"
    fi
    heard as_service "$release" upgrade --check || {
        [[ $config == "$settings" ]] || rm -f -- "$config"
        stop 3 "the line above says why. Nothing was changed; $(version_of "$former") goes on."
    }
}

bring_up() {
    config=$settings
    has_systemd && [[ -f $(data_folder)/appliance.db ]] || return 0
    heard as_service "$release" upgrade || return 1
    step
}

upgrade_program() {
    look_at_data
    say "Upgrading from $(basename -- "$former")"
    basename -- "$former" >"$release/.before"
    [[ ! -f $settings ]] || put "$(settings_of "$former")" 0640 "$(number_of 4)" <"$settings"
    sync -f -- "$release"
    step
    hold_on
    halt
    point_at "$release"
    now "$program/current: $(basename -- "$release")"
    write_settings
    step
    lay_around
    bring_up && begin || come_back
    prune
    say "Upgraded. If anything is wrong: $program/current/installer/install.sh rollback"
}

# The unit and the command that belong to the current release.
lay_around() {
    put "$unit" 0644 0 <"$program/current/installer/balcao.service"
    write_command
    step
}

# ---------------------------------------------------------------- back

not_ready() { printf '%s did not get ready (journalctl -u balcao -n 50 says why).' "$(basename -- "$1")"; }

come_back() {
    say "$(not_ready "$release") Going back to $(basename -- "$former")"
    go_back "$former" "$(settings_of "$former")" "$settings"
    prune
    stop 1 "$(not_ready "$release") $(basename -- "$former") is back, with its data and settings, and runs."
}

# choose_settings RELEASE FILE…: the first of these settings that a release takes.
choose_settings() {
    local target=$1
    shift
    for config; do
        ! accepts "$target" "$config" >/dev/null 2>&1 || return 0
    done
    accepts "$target" "$settings" || true
    stop 1 "the line above says what $(basename -- "$target") does not know. Take it out of $settings and try again."
}

# go_back RELEASE SETTINGS…: the data first, if the release does not know it as it is; then the
# program, with the first of these settings that it takes.
go_back() {
    local target=$1
    choose_settings "$@"
    halt
    if as_service "$target" upgrade --check >/dev/null 2>&1; then
        say "The data is as $(version_of "$target") knows it: nothing of it is lost."
    else
        data_back
    fi
    step
    [[ $config == "$settings" ]] || put "$settings" 0640 "$(number_of 4)" <"$config"
    step
    point_at "$target"
    now "$program/current: $(basename -- "$target")"
    lay_around
    begin || stop 1 "the program is back, but $(not_ready "$target")"
}

data_back() {
    local chosen=$config
    config=$settings
    if ! heard as_service "$release" rollback; then
        begin || true
        stop 1 "the data did not go back, as the line above says; $(basename -- "$release") stays, with its data."
    fi
    config=$chosen
}

rollback() {
    local target
    release=$(current)
    [[ -n $release ]] || stop 2 "Balcão is not installed on this server."
    python="$release/.venv/bin/python"
    one_at_a_time
    target=$(before "$release")
    [[ -n $target ]] || stop 2 "there is no release before $(basename -- "$release") to go back to. To return to a backup: appliance restore FILE --aside"
    say "Going back from $(basename -- "$release") to $(basename -- "$target")"
    hold_on
    go_back "$target" "$settings" "$(settings_of "$target")"
    prune
    say "Gone back."
}
