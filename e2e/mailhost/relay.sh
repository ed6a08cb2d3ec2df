#!/bin/sh
# Sets what answers on the relay host's port: sink (takes and keeps everything), slow (the same, two seconds a reply to
# DATA, so that a delivery can be caught in the act), closed (nobody).
set -eu
mode=$1 port=$2
if [ -f /run/sink.pid ]; then
  kill "$(cat /run/sink.pid)" 2>/dev/null || true
  rm -f /run/sink.pid
fi
case $mode in
  sink) set -- ;;
  slow) set -- -w 2 ;;
  *) exit 0 ;;
esac
# -d names each message by time and a number of its own; -c would print counts, which nobody reads here.
smtp-sink -u postfix -m 200 -d /var/sink/%Y%m%d%H%M%S. "$@" "127.0.0.1:$port" 200 >/dev/null 2>&1 &
echo $! >/run/sink.pid
tries=0
until grep -q "$(printf ':%04X 00000000:0000 0A' "$port")" /proc/net/tcp || [ $tries -gt 100 ]; do
  tries=$((tries + 1))
  sleep 0.02
done
