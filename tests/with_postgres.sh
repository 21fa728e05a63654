#!/usr/bin/env bash
# Runs a command with a PostgreSQL 15 cluster of its own: tests/with_postgres.sh CMD ARG…
#
# The cluster lives in a temporary folder, listens on a free loopback port and a socket in that
# folder, keeps fsync on, and is gone afterwards. Its address is in JARING_TEST_POSTGRES:
# postgresql://postgres@127.0.0.1:PORT/postgres. Any number of these may run side by side.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: tests/with_postgres.sh CMD ARG…" >&2
  exit 2
fi
bin=$(ls -d /usr/lib/postgresql/15/bin 2>/dev/null || true)
if [ -z "$bin" ]; then
  echo "with_postgres: PostgreSQL 15 is missing; run tools/install_packages.sh test" >&2
  exit 2
fi

# PostgreSQL refuses to run as root.
as_server=()
folder=$(mktemp -d "${TMPDIR:-/tmp}/jaring-postgres.XXXXXX")
if [ "$(id -u)" -eq 0 ]; then
  as_server=(setpriv --reuid=postgres --regid=postgres --init-groups)
  chown postgres:postgres "$folder"
fi
server_pid=
command_pid=

# Also reached by signals: the shell runs the EXIT trap after the handlers below.
finish() {
  trap '' INT TERM HUP
  if [ -n "$command_pid" ] && kill -0 "$command_pid" 2>/dev/null; then
    kill -TERM "$command_pid" 2>/dev/null || true
    wait "$command_pid" 2>/dev/null || true
  fi
  if [ -n "$server_pid" ] && kill -0 "$server_pid" 2>/dev/null; then
    kill -INT "$server_pid" 2>/dev/null || true # Fast shutdown.
    wait "$server_pid" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

cd_and() { (cd "$folder" && exec "${as_server[@]}" "$@"); }

if ! cd_and "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
  --encoding=UTF8 --no-locale >"$folder/initdb.log" 2>&1; then
  cat "$folder/initdb.log" >&2
  exit 2
fi

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
  port=$(free_port)
  (cd "$folder" && exec "${as_server[@]}" "$bin/postgres" -D "$folder/data" \
    -c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories="$folder" \
    -c max_connections=200 -c shared_buffers=128MB -c log_min_messages=warning) \
    >>"$folder/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 300); do
    "$bin/pg_isready" -q -h "$folder" -p "$port" && return 0 # Ours for sure: our folder.
    kill -0 "$server_pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# Somebody else may take the port between looking and listening; then look again.
started=no
for _ in 1 2 3 4 5; do
  if start; then
    started=yes
    break
  fi
  kill -INT "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
done
if [ "$started" = no ]; then
  cat "$folder/server.log" >&2
  echo "with_postgres: the server did not start" >&2
  exit 2
fi

export JARING_TEST_POSTGRES="postgresql://postgres@127.0.0.1:$port/postgres"
status=0
# In the background, so that a signal to this script is handled at once and not after the command.
"$@" <&0 &
command_pid=$!
wait "$command_pid" || status=$?
command_pid=
exit "$status"
