#!/bin/sh
# Installs what is missing, and nothing else: programs by apt on Debian, uv, Python >= 3.12, the environment.
#   deploy/bootstrap.sh        what the demo needs
#   deploy/bootstrap.sh lint   also what checks the scripts: node, biome, TypeScript
#   deploy/bootstrap.sh test   also what the tests need
# The environment is var/venv; details go to var/log/bootstrap.log.
set -eu

cd "$(dirname "$0")/.."
ROOT=$(pwd)
WANT=${1:-demo}
LOG=$ROOT/var/log/bootstrap.log
VENV=$ROOT/var/venv
export UV_PROJECT_ENVIRONMENT="$VENV" UV_NO_PROGRESS=1
# Servers live where an ordinary user's PATH does not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
mkdir -p "$ROOT/var/log"

say() { printf '  %-4s %s\n' "$1" "$2"; }
seconds() { echo $(($(date +%s) - $1)); }
stop() {
  say fail "$1"
  exit 1
}
logged() {
  # Runs a command quietly; when it fails, the end of its output is shown.
  printf '\n== %s\n' "$*" >>"$LOG"
  if ! "$@" >>"$LOG" 2>&1; then
    tail -n 15 "$LOG" >&2
    return 1
  fi
}
has() { command -v "$1" >/dev/null 2>&1; }

# --- programs ------------------------------------------------------------------------------------------------
nginx_module() {
  # A file of its own on Debian; elsewhere it may be compiled in.
  folder=$(nginx -V 2>&1 | tr ' ' '\n' | sed -n 's/^--modules-path=//p')
  [ -e "${folder:-/usr/lib/nginx/modules}/$1.so" ] || nginx -V 2>&1 | grep -q -- "--add-module=[^ ]*$2"
}
postgres_server() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
font() { find /usr/share/fonts -name "$1*.ttf" 2>/dev/null | grep -q .; }
debian() { [ -e /etc/debian_version ] && has apt-get; }

missing_packages() {
  has ffmpeg || echo ffmpeg
  has redis-server || echo redis-server
  font DejaVuSans-Bold || echo fonts-dejavu-core
  if has nginx; then
    nginx_module ngx_rtmp_module nginx-rtmp || echo libnginx-mod-rtmp
    nginx_module ngx_http_lua_module lua-nginx || echo libnginx-mod-http-lua
  else
    echo nginx libnginx-mod-rtmp libnginx-mod-http-lua
  fi
  # Only where it can be had: without it nginx sends the same files as gzip.
  if debian && ! nginx_module ngx_http_brotli_static_module brotli; then
    echo libnginx-mod-http-brotli-static
  fi
  has openssl || echo openssl
  has esbuild || echo esbuild
  if [ "$WANT" = test ] || [ "${TLS:-0}" != 0 ]; then
    # RTMPS; nginx's own, in a package of its own on Debian.
    nginx -V 2>&1 | tr ' ' '\n' | grep -qx -- --with-stream ||
      nginx_module ngx_stream_module no-such-source || echo libnginx-mod-stream
  fi
  if [ "$WANT" = test ]; then
    postgres_server || echo postgresql
    has chromium || echo chromium
    font LiberationSans || echo fonts-liberation
    ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || echo libfaketime
  fi
}

webrtc_packages() {
  # Without them classes go out by RTMP and HLS alone.
  has janus || echo janus
  has turnserver || echo coturn
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    stop "These packages need root, and sudo is not here. As root: apt-get install $PACKAGES"
  fi
}

policy=/usr/sbin/policy-rc.d
forbid_starting() {
  # Debian starts a server as soon as it is installed. We run private instances, so that is forbidden for
  # the time of the installation; a policy that was there before is put back, whatever happens.
  trap allow_starting EXIT
  trap 'exit 130' INT TERM
  as_root sh -c "[ ! -e $policy ] || [ -e $policy.before-ffc ] || mv $policy $policy.before-ffc
    printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
}

allow_starting() {
  trap - EXIT INT TERM
  as_root sh -c "rm -f $policy; [ ! -e $policy.before-ffc ] || mv $policy.before-ffc $policy"
}

apt_install() {
  forbid_starting
  # shellcheck disable=SC2086 -- a list of names
  set -- as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $PACKAGES
  # The lists of a fresh machine are empty or old: asked for only when the first attempt fails.
  failed=
  "$@" >>"$LOG" 2>&1 || { logged as_root apt-get update && logged "$@"; } || failed=yes
  allow_starting
  [ -z "$failed" ]
}

install_programs() {
  PACKAGES=$(missing_packages | tr '\n' ' ')
  PACKAGES=${PACKAGES% }
  if [ -z "$PACKAGES" ]; then
    return
  fi
  if ! debian; then
    stop "Missing here: $PACKAGES (Debian's names). Install them with your system's package manager, then start again."
  fi
  began=$(date +%s)
  if [ "$(id -u)" = 0 ]; then
    say ... "Installing by apt: $PACKAGES"
  else
    say sudo "Installing by apt, which needs root: $PACKAGES"
  fi
  apt_install || stop "apt could not install them. See $LOG"
  say ok "Programs installed ($(seconds "$began") s)"
}

install_webrtc() {
  # Never stops the rest: a system that has no such package still gets a club site.
  PACKAGES=$(webrtc_packages | tr '\n' ' ')
  PACKAGES=${PACKAGES% }
  if [ -z "$PACKAGES" ]; then
    return
  fi
  if debian && { [ "$(id -u)" = 0 ] || has sudo; }; then
    began=$(date +%s)
    say ... "Installing by apt, for WebRTC: $PACKAGES"
    if apt_install && [ -z "$(webrtc_packages)" ]; then
      say ok "WebRTC installed ($(seconds "$began") s)"
      return
    fi
  fi
  say off "WebRTC: $(webrtc_packages | tr '\n' ' ')could not be installed (Debian's names). Everything else works."
}

# --- Python and uv -------------------------------------------------------------------------------------------
good_python() {
  # Actually run: a version manager's shim is a program, too, and fails when its version is not selected.
  [ -x "$1" ] && "$1" -c 'import sys, ssl, sqlite3; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

find_python() {
  # The first Python >= 3.12 that runs, as its real path: a shim that works here may fail in another folder.
  try_python "$VENV/bin/python" && return
  for name in python3.14 python3.13 python3.12 python3; do
    for folder in $(echo "$PATH" | tr ':' ' '); do
      try_python "$folder/$name" && return
    done
  done
  # Then what version managers keep, the newest first.
  for candidate in $(ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3 /opt/python*/bin/python3 \
    "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/*/bin/python3 2>/dev/null | sort -Vr); do
    try_python "$candidate" && return
  done
  return 1
}

try_python() {
  good_python "$1" && "$1" -c 'import os, sys; print(os.path.realpath(sys.executable))'
}

find_uv() {
  for candidate in uv "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" "$ROOT/var/bootstrap/bin/uv"; do
    if "$candidate" --version >/dev/null 2>&1; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

install_uv() {
  # Any Python that has venv will do for uv itself.
  say ... "Installing uv into var/bootstrap"
  host=$(find_python || command -v /usr/bin/python3 || command -v python3) || host=
  if [ -z "$host" ] || ! "$host" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    if ! debian; then
      stop "uv is not here. Install it (https://docs.astral.sh/uv) and start again."
    fi
    PACKAGES="python3 python3-venv"
    [ "$(id -u)" = 0 ] || say sudo "Installing by apt, which needs root: $PACKAGES"
    apt_install || stop "apt could not install them. See $LOG"
    host=/usr/bin/python3
  fi
  logged "$host" -m venv --clear "$ROOT/var/bootstrap" || stop "See $LOG"
  logged "$ROOT/var/bootstrap/bin/pip" install --quiet uv || stop "pip could not fetch uv. See $LOG"
}

# --- environment ---------------------------------------------------------------------------------------------
stamp() {
  cksum <"$ROOT/uv.lock"
}

build_environment() {
  if [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$(stamp)" ] && good_python "$VENV/bin/python"; then
    return
  fi
  began=$(date +%s)
  uv=$(find_uv) || { install_uv && uv=$(find_uv); } || stop "uv is not here, and could not be installed. See $LOG"
  say ... "Building the environment in var/venv"
  if python=$(find_python); then
    say ok "Python: $python"
    logged "$uv" sync --frozen --python "$python" --no-python-downloads || stop "uv sync failed. See $LOG"
  else
    say ... "No Python >= 3.12 found: uv installs one"
    logged "$uv" python install 3.13 ||
      stop "No Python >= 3.12 is here, and uv could not fetch one. Install Python 3.12 or newer, then start again."
    logged "$uv" sync --frozen --python 3.13 || stop "uv sync failed. See $LOG"
  fi
  stamp >"$VENV/.stamp"
  say ok "Environment built ($(seconds "$began") s)"
}

# --- what checks the scripts ---------------------------------------------------------------------------------
script_stamp() {
  cat "$ROOT/package.json" "$ROOT/package-lock.json" | cksum
}

install_script_tools() {
  # node and npm come as a wheel into the environment, so that no system needs them; the rest by npm's lock file.
  if [ "$(cat "$ROOT/node_modules/.stamp" 2>/dev/null)" = "$(script_stamp)" ] && [ -x "$VENV/bin/npm" ]; then
    return
  fi
  began=$(date +%s)
  uv=$(find_uv) || { install_uv && uv=$(find_uv); } || stop "uv is not here, and could not be installed. See $LOG"
  say ... "Fetching what checks the scripts"
  logged "$uv" sync --frozen --group scripts --python "$VENV/bin/python" --no-python-downloads ||
    stop "uv sync failed. See $LOG"
  logged env PATH="$VENV/bin:$PATH" "$VENV/bin/npm" ci || stop "npm ci failed. See $LOG"
  script_stamp >"$ROOT/node_modules/.stamp"
  say ok "Scripts can be checked ($(seconds "$began") s)"
}

main() {
  : >"$LOG"
  install_programs
  install_webrtc
  build_environment
  [ "$WANT" = demo ] || install_script_tools
}

# The tests source this file to try its functions one by one.
[ -n "${FFC_BOOTSTRAP_SOURCED:-}" ] || main
