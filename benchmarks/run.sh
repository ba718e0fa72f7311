#!/bin/bash
# Sets up what is missing and prints the table. Every option goes to run.py; without --peers, the peers that this
# machine can run are compared, and without --queries those that Punnet takes part in.
#   benchmarks/run.sh --peers punnet,limit,strawberry --queries Q1,Q3 --seconds 3 --rounds 3
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${BENCH_HOME:-$(dirname "$(mktemp -u)")/punnet-bench}
options=("$@")
peers=
queries=
times=yes
for ((i = 0; i < ${#options[@]}; i++)); do
  case ${options[i]} in
    --peers) peers=${options[i + 1]:-} ;;
    --peers=*) peers=${options[i]#*=} ;;
    --queries | --queries=*) queries=given ;;
    --list | --verify-only | --serve | --help | -h) times= ;;
  esac
done
if [ -z "$peers" ]; then
  peers=punnet,limit,strawberry,ariadne
  if command -v npm >/dev/null; then
    peers=$peers,postgraphile,mercurius
  else
    echo "npm is not installed: the Node peers are left out"
  fi
  options+=(--peers "$peers")
fi
[ -n "$queries" ] || options+=(--queries Q1,Q2,Q3,Q4,Q5,Q6,Q8,Q9)
if [ -n "$times" ] && ! command -v wrk >/dev/null; then
  echo "wrk is not installed; on Debian: apt-get install wrk"
  exit 1
fi
"$here/setup.sh" --peers "$peers"
exec "$work/venv/bin/python" "$here/run.py" "${options[@]}"
