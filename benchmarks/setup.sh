#!/bin/bash
# Sets the rig up: a Python venv, a venv with Punnet from this checkout, the wanted npm peers, and the database, all
# under $BENCH_HOME (the folder `punnet-bench` in the system's temporary folder by default). Safe to repeat: what is
# there and unchanged is kept.
#   setup.sh [--peers a,b,c] [--fresh-data]
# Needs: Python 3.11 or newer (BENCH_PYTHON; else 3.13 is preferred, on PATH or in pyenv), and npm for the Node peers.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(dirname "$here")
work=${BENCH_HOME:-$(dirname "$(mktemp -u)")/punnet-bench}
peers=all
fresh=
while [ $# -gt 0 ]; do
  case $1 in
    --peers) peers=$2; shift 2 ;;
    --fresh-data) fresh=yes; shift ;;
    *) echo "unknown: $1"; exit 2 ;;
  esac
done
mkdir -p "$work"/logs "$work"/peers "$work"/nodejs
log=$work/logs/setup.log
: > "$log"
trap 'echo "setup failed; the end of $log:"; tail -20 "$log"' ERR

find_python() {
  for candidate in "${BENCH_PYTHON:-}" "$(command -v python3.13 || true)" \
      $(command -v pyenv >/dev/null && ls -d "$(pyenv root)"/versions/3.13*/bin/python 2>/dev/null || true) \
      "$(command -v python3.12 || true)" "$(command -v python3.11 || true)" "$(command -v python3 || true)"; do
    [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
      && { echo "$candidate"; return; }
  done
  echo "no Python 3.11 or newer found; set BENCH_PYTHON" >&2
  return 1
}
wants() { [ "$peers" = all ] || [[ ",$peers," == *",$1,"* ]]; }
# same STAMP FILE...: whether STAMP already holds the content of FILE...
same() { local stamp=$1; shift; [ -f "$stamp" ] && [ "$(cat "$@" | sha256sum)" = "$(cat "$stamp")" ]; }
mark() { local stamp=$1; shift; cat "$@" | sha256sum > "$stamp"; }

if [ ! -x "$work/venv/bin/python" ]; then
  python=$(find_python)
  echo "python venv ($("$python" --version))"
  "$python" -m venv "$work/venv" >> "$log" 2>&1
fi
if ! same "$work/venv/.stamp" "$here/requirements.txt"; then
  "$work/venv/bin/python" -m pip install -q -r "$here/requirements.txt" >> "$log" 2>&1
  mark "$work/venv/.stamp" "$here/requirements.txt"
fi

if wants punnet; then
  # The same Python as the other peers', in a venv of its own; installed as a user would, not editable.
  [ -x "$work/punnet/bin/python" ] || "$work/venv/bin/python" -m venv "$work/punnet" >> "$log" 2>&1
  mapfile -t sources < <(find "$checkout/punnet" -name '*.py' | sort)
  sources+=("$checkout/pyproject.toml" "$checkout/constraints.txt")
  if ! same "$work/punnet/.stamp" "${sources[@]}"; then
    echo "punnet, from this checkout"
    # A stamp made before the installation cannot vouch for files that change meanwhile.
    mark "$work/punnet/.next" "${sources[@]}"
    "$work/punnet/bin/python" -m pip install -q -c "$checkout/constraints.txt" "$checkout" >> "$log" 2>&1
    mv "$work/punnet/.next" "$work/punnet/.stamp"
  fi
fi

wants hive && [ "$peers" != all ] && peers=$peers,postgraphile # its subgraph
manifests=()
for manifest in "$here"/peers/*/package.json; do
  if wants "$(basename "$(dirname "$manifest")")"; then manifests+=("$manifest"); fi
done
if [ ${#manifests[@]} -gt 0 ]; then
  command -v npm >/dev/null || { echo "npm is not installed: the Node peers need it"; exit 1; }
  if [ ! -x "$work/nodejs/node_modules/.bin/node" ]; then
    echo "node"
    # PostGraphile 5.1 wants Node >= 22; all Node peers run on this one, from the npm package `node`.
    echo '{"private":true,"dependencies":{"node":"26.10.0"}}' > "$work/nodejs/package.json"
    (cd "$work/nodejs" && npm install --no-audit --no-fund >> "$log" 2>&1)
  fi
  export PATH=$work/nodejs/node_modules/.bin:$PATH
fi
for manifest in "${manifests[@]}"; do
  name=$(basename "$(dirname "$manifest")")
  mkdir -p "$work/peers/$name"
  if ! same "$work/peers/$name/.stamp" "$manifest" || [ ! -d "$work/peers/$name/node_modules" ]; then
    echo "npm peer $name"
    cp "$manifest" "$work/peers/$name/package.json"
    (cd "$work/peers/$name" && npm install --no-audit --no-fund >> "$log" 2>&1)
    mark "$work/peers/$name/.stamp" "$manifest"
  fi
done

[ -n "$fresh" ] && rm -f "$work/pgdata.stamp"
if ! same "$work/pgdata.stamp" "$here/data/schema.sql" "$here/data/seed.sql" || [ ! -d "$work/pgdata" ]; then
  echo "database"
  "$work/venv/bin/python" "$here/data/load.py" "$work/pgdata" >> "$log" 2>&1
  mark "$work/pgdata.stamp" "$here/data/schema.sql" "$here/data/seed.sql"
fi
echo "the rig is ready in $work"
