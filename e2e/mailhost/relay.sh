#!/bin/sh
# Sets what answers on the relay host's port: sink (takes and keeps everything), slow (the same, two seconds a reply to
# DATA, so that a delivery can be caught in the act), closed (nobody).
set -eu
mode=$1 port=$2
listening() { grep -q "$(printf ':%04X 00000000:0000 0A' "$port")" /proc/net/tcp; }
# $1 seconds at most, and then a failure: what follows would be another test than the one that was meant.
wait_until() {
  tries=$(($1 * 20))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "relay: not within its time: $*" >&2; exit 1; }
    sleep 0.05
  done
}
closed() { ! listening; }
if [ -f /run/sink.pid ]; then
  kill "$(cat /run/sink.pid)" 2>/dev/null || true
  rm -f /run/sink.pid
  # Mail that is sent from now on is not taken any more.
  wait_until 60 closed
fi
case $mode in
  sink) set -- ;;
  slow) set -- -w 2 ;;
  *) exit 0 ;;
esac
# -d names each message by time and a number of its own; -c would print counts, which nobody reads here.
smtp-sink -u postfix -m 200 -d /var/sink/%Y%m%d%H%M%S. "$@" "127.0.0.1:$port" 200 >/dev/null 2>&1 &
echo $! >/run/sink.pid
wait_until 60 listening
