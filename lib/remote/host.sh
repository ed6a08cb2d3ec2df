#!/bin/sh
# Sluice's side of a mail host: every verb that the dashboard can ask, and nothing else. POSIX sh with Linux's usual
# tools (GNU or busybox). Runs as root: by `sh -c THIS sluice VERB`, or as a key's forced command (then the verb is read
# from SSH_ORIGINAL_COMMAND). Data comes on stdin only, whole, counted and hashed, checked before anything is done;
# no part of it ever becomes part of a command. The wire is described in lib/remote/wire.ts, the verbs in verbs.ts.
set -uf
umask 077
export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
tab=$(printf '\t')

# verb, does, kinds of the first line, kinds of each further line ("-": none; "*" before: may be missing).
table='
probe read - -
counts read - -
list read instance -
envelopes read - instance,id
look read - instance,id
message read instance,id -
subjects read - instance,id
locks read - -
log-list read - path
log-read read - path,inode,offset,length
log-follow read path,inode,offset -
journal-read read cursor,since,length -
journal-follow read cursor -
services read - -
archives read - -
archive-read read action,op -
access-look read - -
access-list read instance -
hold act - instance,id
release act - instance,id
requeue act - instance,id
flush act - instance,id
keep act action,op instance,id
unkeep act action instance,id
drop act action instance,id,inode,sha256
restore act action instance,id,sha256
archive-delete act action -
access-setup act op -
access-set act instance account,verdict
end-sessions act - instance,pid
kick act - account
mailbox-command act account -
service act service,op -
brake act brake,op -
brakes read - -
'

rows=0
finish() { # exit code, message: the closing sentinel
  trap - EXIT
  rm -rf "${tmp:-}"
  printf 'e\t%d\t%d\t%s\n' "$1" "$rows" "$(printf '%s' "${2-}" | head -c 2000 | awk "$lib"'{ printf "%s%s", (NR > 1 ? "%0A" : ""), esc($0) }')"
  exit "$1"
}
emit() { # a file of rows
  rows=$((rows + $(wc -l <"$1")))
  cat "$1" || exit 1
}
row() { # fields, none of which needs escaping
  rows=$((rows + 1))
  (IFS=$tab; printf 'r\t%s\n' "$*") || exit 1
}
frame() { # a file, as one data frame
  rows=$((rows + 1))
  printf 'd\t%d\n' "$(wc -c <"$1")" && cat "$1" && echo || exit 1
}

# Shared by the awk programs: escaping, decoding, and reading `postcat -e` (run with TZ=UTC0).
lib='
function esc(s) {
  if (s !~ /[% \001-\037\177]/) return s
  gsub(/%/, "%25", s); gsub(/ /, "%20", s)
  if (s ~ /[\001-\037\177]/) for (E = 1; E < 128; E = E == 31 ? 127 : E + 1) {
    ESC = sprintf("%c", E); if (index(s, ESC)) gsub("[" ESC "]", sprintf("%%%02X", E), s)
  }
  return s
}
function unesc(s,  i, o, h) {
  if (s == "%") return ""
  if (!index(s, "%")) return s
  if (!HEXED) { HEXED = 1; for (i = 1; i < 256; i++) HEX[sprintf("%02X", i)] = sprintf("%c", i) }
  while (i = index(s, "%")) {
    h = substr(s, i + 1, 2)
    if (!(h in HEX)) return "\001"
    o = o substr(s, 1, i - 1) HEX[h]; s = substr(s, i + 3)
  }
  return o s
}
# "Sat Nov 28 06:11:08 2026", UTC, to seconds since the epoch.
function epoch(s,  p, t, m, y, d) {
  split(s, p, " +"); split(p[4], t, ":"); y = p[5]; d = p[3]
  m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", p[2]) + 2) / 3
  if (m < 3) { m += 12; y-- }
  return ((365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469) * 24 + t[1]) * 3600 + t[2] * 60 + t[3]
}
'
# Reads `postcat -e FILES` beside PATHS (path, prefix of the row). A header only counts when it is that of the next path, and the
# account only before the first sender record: a forged record in the message or the envelope changes nothing.
envelope='
function flush_row() {
  if (!open) return
  printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\n", path, arrival, size, esc(sender), esc(account), esc(address), esc(name), left, gone
  open = 0
}
/^\*\*\* ENVELOPE RECORDS / {
  want = substr($0, 22); want = substr(want, 1, length(want) - 4)
  if (want in WANTED && !(want in seen)) {
    flush_row(); seen[want] = 1; open = 1; path = want; arrival = size = sender = account = address = name = ""
    left = gone = had = body = 0; next
  }
}
!open { next }
/^\*\*\* MESSAGE CONTENTS / { next }
/^message_arrival_time: / && arrival == "" { arrival = epoch(substr($0, 23)); next }
/^message_size: / && size == "" { size = $2; next }
/^named_attribute: sasl_username=/ && !had && account == "" { account = substr($0, 32); next }
/^sender: / && !had { had = 1; sender = substr($0, 9); next }
/^named_attribute: client_address=/ && address == "" && !left && !gone { address = substr($0, 33); next }
/^named_attribute: client_name=/ && name == "" && !left && !gone { name = substr($0, 30); next }
/^recipient: / { left++; next }
/^done_recipient: / { gone++; next }
END { flush_row() }
'

check_request() { # reads stdin into $tmp/params (a field a line) and $tmp/items (tab-separated), or refuses
  cat >"$tmp/in"
  IFS=' ' read -r magic count sum <"$tmp/in" || finish 65 "the request has no first line"
  [ "$magic" = sluice1 ] || finish 65 "the request is not of this script's version"
  tail -n +2 "$tmp/in" >"$tmp/body"
  [ "$(wc -l <"$tmp/body")" -eq "$count" ] 2>/dev/null || finish 65 "the request was cut"
  [ "$(sha256sum <"$tmp/body" | cut -c1-64)" = "$sum" ] || finish 65 "the request was cut or changed"
  : >"$tmp/params"
  : >"$tmp/items"
  awk -F"$tab" -v params="$1" -v item="$2" -v dir="$tmp" "$lib"'
  # Time (base 52, with z as a digit, ten or more), the last z, inode (base 51): mail_queue.h.
  function long(s) { return s ~ /^[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]+z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]+$/ && match(s, /z[^z]*$/) > 10 && length(s) < 42 }
  function ok(kind, s) {
    if (s ~ /[\001-\037\177]/ || length(s) > 1001) return 0
    if (kind == "instance") return s ~ /^[A-Za-z0-9._-]*$/ && length(s) < 65
    if (kind == "id") return s ~ /^[0-9A-F]+$/ && length(s) > 4 && length(s) < 25 || long(s)
    if (kind == "action") return s ~ /^[a-z0-9][a-z0-9-]*$/ && length(s) < 65
    if (kind == "inode" || kind == "offset" || kind == "length" || kind == "since" || kind == "pid") return s ~ /^[0-9]+$/ && length(s) < 21
    if (kind == "sha256") return s ~ /^[0-9a-f]+$/ && length(s) == 64
    if (kind == "path") return s ~ /^\/./ && s !~ /\/\.\.(\/|$)/
    if (kind == "account") return length(s) > 0 && length(s) < 321 && s !~ /^[#-]/ && s !~ /[ "\\]/
    if (kind == "verdict") return s == "REJECT" || s == "HOLD" || s == "-"
    if (kind == "cursor") return s ~ /^[A-Za-z0-9;=_-]*$/ && length(s) < 401
    if (kind == "op") return s ~ /^(start|stop|on|off|eml|raw|preview|apply|undo|purge|aside|hold|any)$/
    if (kind == "brake") return s ~ /^(hold-queue|stop-in|stop-out)$/
    if (kind == "service") return s ~ /^[A-Za-z0-9._-]+$/ && length(s) < 65
    return 0
  }
  function line(k, n, out, sep,  i, v, plain) {
    if (n != NF) bad("has " NF " fields, not " n)
    plain = !index($0, "%")
    for (i = 1; i <= n; i++) {
      v = plain ? $i : unesc($i)
      if (!ok(k[i], v)) bad("has no valid " k[i])
      printf "%s%s", v, (i < n ? sep : "\n") >out
    }
  }
  function bad(why) { print "line " NR " of the request " why; BAD = 1; exit 1 }
  BEGIN { np = split(params, pk, ","); ni = split(item, ik, ",") }
  NR == 1 && params != "-" { line(pk, np, dir "/params", "\n"); next }
  item == "-" { bad("is too many") }
  { line(ik, ni, dir "/items", "\t") }
  END { if (!BAD && params != "-" && NR == 0) { print "the request has no parameters"; exit 1 } }
  ' "$tmp/body" >"$tmp/why" || finish 65 "$(cat "$tmp/why")"
}
param() { sed -n "${1}p" "$tmp/params"; }

# Postfix's instances into $tmp/instances: name, config directory, queue directory, enabled.
instances() {
  command -v postconf >/dev/null || finish 69 "Postfix is not installed here: there is no postconf"
  postmulti -l >"$tmp/multi" 2>"$tmp/err" || finish 69 "postmulti -l failed: $(cat "$tmp/err")"
  while read -r name _ enabled config; do
    [ "$name" != - ] || name=postfix
    queue=$(postconf -c "$config" -xh queue_directory 2>/dev/null) || continue
    printf '%s\t%s\t%s\t%s\n' "$name" "$config" "$queue" "$enabled"
  done <"$tmp/multi" >"$tmp/instances"
  awk -F"$tab" 'FILENAME == ARGV[1] { is[$1] = 1; next } !($1 in is) { print $1; exit 1 }' "$tmp/instances" "${1:-/dev/null}" >"$tmp/why" ||
    finish 65 "there is no Postfix instance named $(cat "$tmp/why")"
}
each_instance() { # function: called with instance, config and queue in variables, inside the queue directory
  while IFS=$tab read -r instance config queue enabled; do
    cd "$queue" || finish 69 "$queue cannot be entered"
    "$1"
  done <"$tmp/instances"
  cd /
}

# Where the asked messages are, into $1: instance, id, queue, path. A message moving between queues can be missed by
# one look, so what is missing is looked for a second time. $queues: those looked through.
queues='incoming active deferred hold maildrop corrupt'
scan() {
  while IFS=$tab read -r instance _ queue _; do
    for q in $queues; do find "$queue/$q" -type f 2>/dev/null; done |
      awk -v instance="$instance" -v skip=$((${#queue} + 2)) -F/ '{ q = substr($0, skip); sub(/\/.*/, "", q); print instance "\t" $NF "\t" q "\t" $0 }'
  done <"$tmp/instances" |
    awk -F"$tab" 'FILENAME == ARGV[1] { want[$1 "\t" $2] = 1; next } ($1 "\t" $2) in want' "$tmp/items" -
}
locate() {
  scan >"$tmp/found"
  [ "$queues" = hold ] || awk -F"$tab" 'FILENAME == ARGV[1] { at[$1 "\t" $2] = 1; next } !(($1 "\t" $2) in at) { miss = 1; exit } END { exit miss }' "$tmp/found" "$tmp/items" ||
    scan >>"$tmp/found"
  # The last sighting counts; one row a message.
  awk -F"$tab" '{ at[$1 "\t" $2] = $0 } END { for (k in at) print at[k] }' "$tmp/found" >"$1"
}
ids_of() { awk -F"$tab" -v i="$instance" '$1 == i { print $2 }' "$1"; }
locked_inodes() { awk '{ for (i = 1; i <= NF; i++) if ($i == "FLOCK" || $i == "POSIX" || $i == "OFDLCK") { split($(i + 4), p, ":"); print p[3] } }' /proc/locks | sort -u; }

# Envelopes of the paths in file $1 (column 1), by many files a postcat, into $2. A file that vanishes ends its postcat, so
# what was not read and still stands is tried again.
read_envelopes() {
  : >"$2"
  cut -f1 "$1" >"$tmp/paths"
  for batch in 2000 50 1; do
    [ -s "$tmp/paths" ] || return 0
    xargs -n "$batch" env TZ=UTC0 postcat -e <"$tmp/paths" 2>/dev/null |
      awk -v wanted="$tmp/paths" "BEGIN { while ((getline p <wanted) > 0) WANTED[p] = 1 } $lib $envelope" >>"$2"
    awk -F"$tab" 'FILENAME == ARGV[1] { done[$1] = 1; next } !($1 in done)' "$2" "$tmp/paths" >"$tmp/left"
    xargs sh -c 'for f do [ ! -f "$f" ] || echo "$f"; done' sh <"$tmp/left" >"$tmp/paths"
  done
}

# `postfix status` writes a line to the mail log each time, so the pid file is looked at instead.
running_postfix() {
  pid=$(cat "$queue/pid/master.pid" 2>/dev/null | tr -cd 0-9)
  [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = master ]
}

verb_probe() {
  key() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tmp/facts"; }
  key user '' "${SUDO_USER:-$(id -un)}"
  key hostname '' "$(hostname 2>/dev/null || uname -n)"
  key os '' "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)"
  key offset '' "$(date +%z)"
  key zone '' "$(readlink /etc/localtime 2>/dev/null | sed 's|.*/zoneinfo/||' || :)"
  key timezone '' "$(cat /etc/timezone 2>/dev/null)"
  key init '' "$([ -d /run/systemd/system ] && echo systemd || echo other)"
  for tool in postqueue postsuper postcat postmap flock sha256sum stat find xargs gzip bzip2 xz zstd journalctl doveadm dovecot; do
    key "$(command -v "$tool" >/dev/null && echo tool || echo missing)" '' "$tool"
  done
  key locks '' "$([ -r /proc/locks ] && echo yes || echo no)"
  key journal '' "$(journalctl -q -n 1 SYSLOG_FACILITY=2 2>/dev/null | grep -q . && echo yes || echo no)"
  key mailbox_command '' "$([ -x /etc/sluice/mailbox-command ] && echo yes || echo no)"
  if command -v postconf >/dev/null; then
    instances
    while IFS=$tab read -r instance config queue enabled; do
      key instance "$instance" "$enabled"
      key config_directory "$instance" "$config"
      key queue_directory "$instance" "$queue"
      postconf -c "$config" -x mail_version maillog_file syslog_name syslog_facility myhostname mydomain enable_long_queue_ids default_database_type hash_queue_names hash_queue_depth >"$tmp/conf" 2>/dev/null
      while IFS= read -r line; do key "${line%% =*}" "$instance" "$(printf '%s' "${line#*=}" | sed 's/^ *//')"; done <"$tmp/conf"
      key maps "$instance" "$(postconf -c "$config" -m | tr '\n' ' ')"
      key running "$instance" "$(running_postfix && echo yes || echo no)"
    done <"$tmp/instances"
  else
    key missing '' postconf
  fi
  key clock '' "$(date +%s%3N | sed 's/[^0-9].*/000/')"
  awk -F"$tab" "$lib"'{ print "r\t" $1 "\t" esc($2) "\t" esc($3) }' "$tmp/facts" >"$tmp/out"
  emit "$tmp/out"
}

verb_counts() {
  instances
  while IFS=$tab read -r instance _ queue _; do
    find "$queue/maildrop" "$queue/incoming" "$queue/active" "$queue/deferred" "$queue/hold" "$queue/corrupt" -type f 2>/dev/null |
      awk -v instance="$instance" -v skip=$((${#queue} + 2)) '
        { q = substr($0, skip); sub(/\/.*/, "", q); n[q]++ }
        END { k = split("maildrop incoming active deferred hold corrupt", name, " "); for (i = 1; i <= k; i++) print "r\t" instance "\t" name[i] "\t" n[name[i]] + 0 }'
  done <"$tmp/instances" >"$tmp/out"
  emit "$tmp/out"
}

verb_list() {
  only=$(param 1)
  instances
  while IFS=$tab read -r instance config _ _; do
    [ -z "$only" ] || [ "$only" = "$instance" ] || continue
    { postqueue -c "$config" -j 2>"$tmp/err" && echo . || echo "!$?"; } |
      awk -v instance="$instance" -v count="$tmp/count" '
        /^\{/ { print "j\t" instance "\t" $0; n++; next } { end = $0 } END { print n + 0 >count; exit end != "." }' ||
      { rows=$((rows + $(cat "$tmp/count"))); finish 70 "postqueue -j ($instance): $(cat "$tmp/err")"; }
    rows=$((rows + $(cat "$tmp/count")))
  done <"$tmp/instances"
}

verb_envelopes() {
  instances "$tmp/items"
  locate "$tmp/at"
  awk -F"$tab" '{ print $4 }' "$tmp/at" | xargs stat -c "%n$tab%i" 2>/dev/null >"$tmp/inodes"
  read_envelopes "$tmp/inodes" "$tmp/envelopes"
  awk -F"$tab" '
    FILENAME == ARGV[1] { inode[$1] = $2; next }
    FILENAME == ARGV[2] { e[$1] = substr($0, length($1) + 2); next }
    FILENAME == ARGV[3] { if ($4 in e) at[$1 "\t" $2] = $3 "\t" inode[$4] "\t" e[$4]; next }
    { k = $1 "\t" $2; print "r\t" k "\t" (k in at ? at[k] : "\t\t\t\t\t\t\t\t\t") }
  ' "$tmp/inodes" "$tmp/envelopes" "$tmp/at" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}

verb_look() {
  instances "$tmp/items"
  locate "$tmp/at"
  look_rows
}
look_rows() {
  awk -F"$tab" '{ print $4 }' "$tmp/at" | xargs stat -c "%n$tab%i" 2>/dev/null >"$tmp/inodes"
  locked_inodes >"$tmp/locks"
  awk -F"$tab" '
    FILENAME == ARGV[1] { inode[$1] = $2; next }
    FILENAME == ARGV[2] { lock[$1] = 1; next }
    FILENAME == ARGV[3] { if ($4 in inode) at[$1 "\t" $2] = $3 "\t" inode[$4] "\t" (inode[$4] in lock ? 1 : 0); next }
    { k = $1 "\t" $2; print "r\t" k "\t" (k in at ? at[k] : "\t\t0") }
  ' "$tmp/inodes" "$tmp/locks" "$tmp/at" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}

one_item() { printf '%s\t%s\n' "$(param 1)" "$(param 2)" >"$tmp/items"; }
verb_message() {
  one_item
  instances "$tmp/items"
  locate "$tmp/at"
  path=$(cut -f4 "$tmp/at")
  [ -n "$path" ] || finish 66 "the message is in no queue"
  TZ=UTC0 postcat -beh "$path" >"$tmp/message" 2>/dev/null || [ -s "$tmp/message" ] || finish 66 "the message has just left the queue"
  head -c 524288 "$tmp/message" >"$tmp/start"
  frame "$tmp/start"
  row "$(cut -f3 "$tmp/at")" "$(wc -c <"$tmp/message")"
}

verb_subjects() {
  instances "$tmp/items"
  locate "$tmp/at"
  cut -f4 "$tmp/at" >"$tmp/paths"
  xargs -n 200 postcat -eh <"$tmp/paths" 2>/dev/null | awk -v wanted="$tmp/paths" "$lib"'
    BEGIN { while ((getline p <wanted) > 0) W[p] = 1 }
    /^\*\*\* ENVELOPE RECORDS / { p = substr($0, 22); p = substr(p, 1, length(p) - 4); if (p in W && !(p in seen)) { path = p; seen[p] = 1; s[p] = ""; in_head = 0; got = 0; fold = 0; next } }
    /^\*\*\* MESSAGE CONTENTS / { in_head = 1; next }
    /^\*\*\* HEADER EXTRACTED / { in_head = 0; next }
    in_head && !got && tolower(substr($0, 1, 8)) == "subject:" { s[path] = substr($0, 9); sub(/^[ \t]+/, "", s[path]); got = 1; fold = 1; next }
    fold && /^[ \t]/ { s[path] = s[path] $0; next }
    { fold = 0 }
    END { for (p in seen) print p "\t" esc(substr(s[p], 1, 500)) }' >"$tmp/subjects"
  awk -F"$tab" '
    FILENAME == ARGV[1] { s[$1] = $2; next }
    FILENAME == ARGV[2] { if ($4 in s) at[$1 "\t" $2] = s[$4]; next }
    { k = $1 "\t" $2; print "r\t" k "\t" (k in at ? "1\t" at[k] : "0\t") }' "$tmp/subjects" "$tmp/at" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}

verb_locks() {
  locked_inodes | sed "s/^/r$tab/" >"$tmp/out"
  emit "$tmp/out"
}

unpack() { # path: its uncompressed bytes
  case $1 in
    *.gz) gzip -dc <"$1" ;;
    *.bz2) bzip2 -dc <"$1" ;;
    *.xz) xz -dc <"$1" ;;
    *.zst) zstd -dcq <"$1" ;;
    *) cat <"$1" ;;
  esac 2>/dev/null
}
# Only logs are read, whatever a key asks for: what is below /var/log, Postfix's own maillog_file, and the files and
# folders named in /etc/sluice/logs (a path a line), each with its rotations; and where a file really is counts.
log_allowed() { # real path
  if [ ! -f "$tmp/log-places" ]; then
    {
      echo /var/log
      if command -v postconf >/dev/null; then
        postmulti -l 2>/dev/null | while read -r _ _ _ config; do postconf -c "$config" -xh maillog_file 2>/dev/null; done
      fi
      cat /etc/sluice/logs 2>/dev/null
    } | grep '^/.' | while IFS= read -r place; do readlink -f "$place"; done >"$tmp/log-places"
  fi
  printf '%s\n' "$1" | awk '
    FILENAME == ARGV[1] { place[++n] = $0; next }
    { for (i = 1; i <= n; i++) if ($0 == place[i] || index($0, place[i] "/") == 1 || index($0, place[i] ".") == 1 || index($0, place[i] "-") == 1) exit 0; exit 1 }
  ' "$tmp/log-places" -
}
open_log() { # path: fd 3, if it is a log
  { exec 3<"$1"; } 2>/dev/null && log_allowed "$(readlink /proc/self/fd/3)"
}
verb_log_list() {
  if [ ! -s "$tmp/items" ]; then
    if command -v postconf >/dev/null; then
      instances
      while IFS=$tab read -r _ config _ _; do postconf -c "$config" -xh maillog_file 2>/dev/null; done <"$tmp/instances" >"$tmp/items"
    fi
    for path in /var/log/mail.log /var/log/maillog /var/log/mail/mail.log /var/log/mail; do [ ! -f "$path" ] || echo "$path"; done >>"$tmp/items"
  fi
  grep '^/' "$tmp/items" | awk '!seen[$0]++' >"$tmp/bases"
  while IFS= read -r base; do
    set +f
    for path in "$base" "$base".* "$base"-*; do
      [ -f "$path" ] && log_allowed "$(readlink -f "$path")" || continue
      case $path in *.tmp | *.swp) continue ;; *.gz) c=gz ;; *.bz2) c=bz2 ;; *.xz) c=xz ;; *.zst) c=zst ;; *) c=none ;; esac
      readable=1
      [ -r "$path" ] || readable=0
      unpack "$path" | head -c 256 >"$tmp/head"
      printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$base" "$path" "$(stat -Lc "%d$tab%i$tab%s$tab%Y %y" "$path")" "$c" \
        "$(wc -c <"$tmp/head")" "$(sha256sum <"$tmp/head" | cut -c1-64)" "$readable"
    done
    set -f
  done <"$tmp/bases" | awk -F"$tab" -v OFS="$tab" "$lib"'
    # %Y is in seconds; the fraction, where stat has one, stands in %y.
    { split($6, w, " "); $6 = w[1] (w[3] ~ /\.[0-9]+$/ ? substr(w[3], index(w[3], ".")) : ""); $1 = esc($1); $2 = esc($2); print "r\t" $0 }' >"$tmp/out"
  emit "$tmp/out"
}

log_done() { # path, state, bytes
  rows=$((rows + 1))
  printf '%s\n' "$1" | awk -v rest="$2$tab$3" "$lib"'{ print "r\t" esc($0) "\t" rest }' || exit 1
}
verb_log_read() {
  while IFS=$tab read -r path inode offset length; do
    [ -f "$path" ] || { log_done "$path" gone 0; continue; }
    open_log "$path" || { log_done "$path" unreadable 0; continue; }
    # shellcheck disable=SC2046 # two numbers
    set -- $(stat -Lc '%i %s' /proc/self/fd/3 <&3)
    if [ "$1" != "$inode" ]; then log_done "$path" changed 0; continue; fi
    case $path in
      *.gz | *.bz2 | *.xz | *.zst)
        sent=0
        { if [ "$length" -gt 0 ]; then unpack "$path" | tail -c +$((offset + 1)) | head -c "$length"; else unpack "$path" | tail -c +$((offset + 1)); fi; } | {
          while dd bs=65536 count=16 iflag=fullblock of="$tmp/piece" 2>/dev/null && [ -s "$tmp/piece" ]; do
            frame "$tmp/piece"
            sent=$((sent + $(wc -c <"$tmp/piece")))
          done
          echo "$rows $sent" >"$tmp/sent"
        }
        read -r rows sent <"$tmp/sent"
        ;;
      *)
        sent=$(($2 - offset))
        [ "$sent" -gt 0 ] || sent=0
        [ "$length" -eq 0 ] || [ "$sent" -le "$length" ] || sent=$length
        rows=$((rows + 1))
        printf 'd\t%d\n' "$sent" || exit 1
        [ "$sent" -eq 0 ] || tail -c +$((offset + 1)) <&3 | head -c "$sent" || exit 1
        echo
        ;;
    esac
    log_done "$path" ok "$sent"
  done <"$tmp/items"
}

verb_log_follow() {
  path=$(param 1) inode=$(param 2) position=$(param 3)
  [ -f "$path" ] || finish 66 "there is no such log file"
  open_log "$path" || finish 77 "the log file cannot be read"
  [ "$(stat -Lc %i /proc/self/fd/3 <&3)" = "$inode" ] || finish 66 "another file stands at the log's path"
  moved='' quiet=0 beat=0
  while :; do
    size=$(stat -Lc %s /proc/self/fd/3 <&3)
    if [ "$size" -lt "$position" ]; then
      row truncated "$position" "$inode"
      return
    elif [ "$size" -gt "$position" ]; then
      rows=$((rows + 1))
      printf 'd\t%d\n' $((size - position)) || exit 1
      tail -c +$((position + 1)) /proc/self/fd/3 <&3 | head -c $((size - position)) || exit 1
      echo || exit 1
      position=$size quiet=0 beat=0
      continue
    fi
    # shellcheck disable=SC3013 # dash and busybox have -ef
    if [ -z "$moved" ] && ! [ "$path" -ef /proc/self/fd/3 ]; then
      moved=$(stat -Lc %i "$path" 2>/dev/null || echo 0)
      # Between an old file's renaming and the new one's making there is nothing at the path; wait for the new one.
      if [ "$moved" != 0 ] || [ "$quiet" -ge 25 ]; then row renamed "$position" "$moved"; quiet=0; else moved=''; fi
    fi
    if [ -n "$moved" ] && [ "$quiet" -ge 25 ]; then
      row end "$position" "$moved"
      return
    fi
    sleep 0.2 2>/dev/null || sleep 1
    quiet=$((quiet + 1)) beat=$((beat + 1))
    [ "$beat" -lt 20 ] || { echo h || exit 1; beat=0; }
  done
}

journal_fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,SYSLOG_PID,_PID,_HOSTNAME,__CURSOR,__REALTIME_TIMESTAMP
verb_journal_read() {
  cursor=$(param 1) since=$(param 2) length=$(param 3)
  if [ -n "$cursor" ]; then set -- "--after-cursor=$cursor"; else set -- "--since=@$since"; fi
  { journalctl -q --no-pager -o json "--output-fields=$journal_fields" "$@" SYSLOG_FACILITY=2 2>"$tmp/err" || echo "!"; } |
    awk -v max="$length" -v count="$tmp/count" '/^\{/ { if (n < max) { print "j\t\t" $0; n++ } else exit } /^!/ { bad = 1 } END { print n + 0 >count; exit bad }' ||
    finish 77 "journalctl: $(cat "$tmp/err")"
  rows=$((rows + $(cat "$tmp/count")))
}
verb_journal_follow() {
  cursor=$(param 1)
  if [ -n "$cursor" ]; then set -- "--after-cursor=$cursor"; else set -- -n 0; fi
  mkfifo "$tmp/beat"
  journalctl -q --no-pager -f -o json "--output-fields=$journal_fields" "$@" SYSLOG_FACILITY=2 2>/dev/null | while IFS= read -r line; do printf 'j\t\t%s\n' "$line" || exit; done &
  reader=$!
  while kill -0 "$reader" 2>/dev/null; do sleep 4; echo h || { kill "$reader"; exit 1; }; done
}

running_dovecot() { [ -r /run/dovecot/master.pid ] && kill -0 "$(cat /run/dovecot/master.pid)" 2>/dev/null; }
look_services() {
  while IFS=$tab read -r instance config queue _; do
    if running_postfix; then r=1; else r=0; fi
    printf 'r\t%s\t%s\t%s\n' "$instance" "$r" "$pid"
  done <"$tmp/instances"
  command -v dovecot >/dev/null || return 0
  if running_dovecot; then r=1; else r=0; fi
  printf 'r\tdovecot\t%s\t%s\n' "$r" "$(head -c 20 /run/dovecot/master.pid 2>/dev/null | tr -cd 0-9)"
}
verb_services() {
  instances
  look_services >"$tmp/out"
  emit "$tmp/out"
}
# What is started here must not inherit the lock (9): it would hold it for as long as it lives.
verb_service() {
  instances
  name=$(param 1) op=$(param 2)
  case $op in start) want=1 ;; stop) want=0 ;; *) finish 65 "a service is started or stopped" ;; esac
  look_services | cut -f2 >"$tmp/names"
  grep -qxF -e "$name" "$tmp/names" || finish 66 "there is no service of that name here"
  if [ "$name" = dovecot ]; then
    if [ -d /run/systemd/system ]; then systemctl "$op" dovecot 2>"$tmp/err" 9>&-; fi
    if running_dovecot; then r=1; else r=0; fi
    [ "$r" = "$want" ] || if [ "$op" = start ]; then dovecot 2>"$tmp/err" 9>&-; else doveadm stop 2>"$tmp/err"; fi
  else
    config=$(awk -F"$tab" -v n="$name" '$1 == n { print $2 }' "$tmp/instances")
    queue=$(awk -F"$tab" -v n="$name" '$1 == n { print $3 }' "$tmp/instances")
    unit=postfix@$([ "$name" = postfix ] && echo - || echo "$name")
    if [ -d /run/systemd/system ] && systemctl cat "$unit" >/dev/null 2>&1; then systemctl "$op" "$unit" 2>"$tmp/err"; fi
    if running_postfix; then r=1; else r=0; fi
    [ "$r" = "$want" ] || postfix -c "$config" "$op" >/dev/null 2>"$tmp/err" 9>&-
  fi
  tries=0
  until look_services | grep "^r$tab$name$tab" >"$tmp/out" && grep -q "^r$tab$name$tab$want" "$tmp/out" || [ "$tries" -ge 50 ]; do
    tries=$((tries + 1))
    sleep 0.2
  done
  emit "$tmp/out"
}

# postsuper's words (a line a message on stderr) are drained into a file; what came of it is read from the queue.
outcome() { # before, after: rows by an awk expression over was, now
  awk -F"$tab" "
    FILENAME == ARGV[1] { was[\$1 \"\t\" \$2] = \$3; next }
    FILENAME == ARGV[2] { now[\$1 \"\t\" \$2] = \$3; next }
    { k = \$1 \"\t\" \$2; w = was[k]; n = now[k]; print \"r\t\" k \"\t\" ($1) \"\t\" n }" "$tmp/before" "$tmp/after" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}
ask_postsuper() { # flag, condition over $3, queues: each instance's ids by stdin
  flag=$1 where=$2
  shift 2
  while IFS=$tab read -r instance config _ _; do
    awk -F"$tab" -v i="$instance" "\$1 == i && $where { print \$2 }" "$tmp/before" >"$tmp/ids"
    [ ! -s "$tmp/ids" ] || postsuper -c "$config" "$flag" - "$@" <"$tmp/ids" >/dev/null 2>"$tmp/err"
  done <"$tmp/instances"
  locate "$tmp/after"
}
# The folder of each id in a queue that is hashed (hash_queue_names, hash_queue_depth; by the id's own first characters, or
# for long ids by its microseconds as five hex digits). An awk function over depth and base, the queue's own folder.
id_folder='
function folder(id,  u, i, d) {
  if (id ~ /z/) { u = 0; for (i = 7; i <= 10; i++) u = u * 52 + index("0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz", substr(id, i, 1)) - 1; id = sprintf("%05X", u) }
  d = base; for (i = 1; i <= depth; i++) d = d "/" substr(id, i, 1)
  return d
}
'
depth_of() { # queue
  depth=0
  case " $(postconf -c "$config" -xh hash_queue_names | tr ',' ' ') " in *" $1 "*) depth=$(postconf -c "$config" -h hash_queue_depth) ;; esac
}
paths_of() { # queue, file of ids, after depth_of that queue
  awk -v depth="$depth" -v base="$queue/$1" "$id_folder"'{ print folder($0) "/" $0 }' "$2"
}
hold_paths() { paths_of hold "$1"; }
make_folders() { # queue, of paths on stdin: all of their folders, as Postfix's own; $tmp/folders: those that hold messages
  sed 's|/[^/]*$||' | sort -u >"$tmp/folders"
  while IFS= read -r d; do
    [ ! -d "$d" ] || continue
    mkdir -p "$d"
    while [ "$d" != "$queue/$1" ]; do chown -h "$(stat -c %u "$queue/$1")" "$d"; d=${d%/*}; done
  done <"$tmp/folders"
}
move_all() { # of moves (folder, path): each into its folder, never over a name
  while IFS= read -r d; do
    awk -F"$tab" -v d="$d" '$1 == d { print $2 }' "$1" | xargs sh -c '[ $# -eq 0 ] || mv -n -- "$@" "$0/" 2>/dev/null; :' "$d"
  done <"$tmp/folders"
}
one_device() { [ "$(cd "$queue" && stat -c %d "$@" | sort -u | wc -l)" -eq 1 ]; }
# Puts on hold what $tmp/before has of this instance, as postsuper -h does it, by renaming, but without waiting for a line in
# the log for each. mv -n never replaces a name. What comes (incoming) may not be whole yet: that is left to postsuper, and so is
# what could not be moved. $tmp/moved: ids.
move_to_hold() {
  : >"$tmp/moved"
  awk -F"$tab" -v i="$instance" '$1 == i && ($3 == "incoming" || $3 == "active" || $3 == "deferred") { print $2 }' "$tmp/before" >"$tmp/wanted"
  [ -s "$tmp/wanted" ] || return 0
  if one_device hold active deferred; then
    hold_paths "$tmp/wanted" | make_folders hold
    awk -F"$tab" -v i="$instance" -v depth="$depth" -v base="$queue/hold" "$id_folder"'
      $1 == i && ($3 == "active" || $3 == "deferred") { print folder($2) "\t" $4 }' "$tmp/before" >"$tmp/moves"
    move_all "$tmp/moves"
    hold_paths "$tmp/wanted" | xargs sh -c 'for p do [ ! -f "$p" ] || echo "${p##*/}"; done' sh >"$tmp/moved"
  fi
  awk 'FILENAME == ARGV[1] { m[$1] = 1; next } !($1 in m)' "$tmp/moved" "$tmp/wanted" >"$tmp/ids"
  [ ! -s "$tmp/ids" ] || postsuper -c "$config" -h - incoming active deferred <"$tmp/ids" >/dev/null 2>"$tmp/err"
}
say_of() { # words, file of ids: the mail log hears of each, as from postsuper; nobody waits for it
  name=$(postconf -c "$config" -xh syslog_name)
  sed "s/\$/: $1/" "$2" >"$tmp/said"
  exec 7<"$tmp/said"
  postlog -c "$config" -t "$name/sluice" <&7 >/dev/null 2>&1 9>&- &
  exec 7<&-
}
verb_hold() {
  instances "$tmp/items"
  locate "$tmp/before"
  while IFS=$tab read -r instance config queue _; do
    depth_of hold
    move_to_hold
    [ ! -s "$tmp/moved" ] || say_of 'placed on hold' "$tmp/moved"
  done <"$tmp/instances"
  locate "$tmp/after"
  outcome 'n == "hold" ? (w == "hold" ? "already" : "held") : n == "" ? "gone" : "left"'
}
# With Postfix stopped, postsuper can end after its first message (it may not open the log itself): what it left is moved here.
verb_release() {
  instances "$tmp/items"
  locate "$tmp/before"
  ask_postsuper -H '$3 == "hold"' hold
  if grep -q "${tab}hold$tab" "$tmp/after"; then
    while IFS=$tab read -r instance config queue _; do
      awk -F"$tab" -v i="$instance" '$1 == i && $3 == "hold" { print $2 }' "$tmp/after" >"$tmp/ids"
      [ -s "$tmp/ids" ] && one_device hold deferred || continue
      depth_of deferred
      paths_of deferred "$tmp/ids" | make_folders deferred
      awk -F"$tab" -v i="$instance" -v depth="$depth" -v base="$queue/deferred" "$id_folder"'
        $1 == i && $3 == "hold" { print folder($2) "\t" $4 }' "$tmp/after" >"$tmp/moves"
      move_all "$tmp/moves"
    done <"$tmp/instances"
    locate "$tmp/after"
  fi
  outcome 'n == "hold" ? "left" : w == "hold" ? "released" : n == "" ? "gone" : "elsewhere"'
}
ids_now() { # of every queue of each instance: instance, id, queue, path
  while IFS=$tab read -r instance _ queue _; do
    for q in $queues; do find "$queue/$q" -type f 2>/dev/null; done |
      awk -v instance="$instance" -v skip=$((${#queue} + 2)) -F/ '{ q = substr($0, skip); sub(/\/.*/, "", q); print instance "\t" $NF "\t" q "\t" $0 }'
  done <"$tmp/instances"
}
# What a message was called when it first came, and when that was: cleanup(8) keeps both through a requeue.
idents() { # file of paths: path, ident, time
  xargs -n 2000 postcat -e <"$1" 2>/dev/null | awk '
    /^\*\*\* ENVELOPE RECORDS / { p = substr($0, 22); p = substr(p, 1, length(p) - 4); t = ""; done = 0; next }
    /^message_arrival_time: / && t == "" { t = substr($0, 23); next }
    /^named_attribute: log_ident=/ && !done && p != "" { done = 1; print p "\t" substr($0, 28) "\t" t }
    /^sender: / { done = 1 }'
}
# pickup(8) looks into maildrop once a minute, or when it is asked to; then a message has a new id and the old ident.
verb_requeue() {
  instances "$tmp/items"
  locate "$tmp/before"
  cut -f4 "$tmp/before" >"$tmp/paths"
  idents "$tmp/paths" >"$tmp/old"
  ids_now >"$tmp/was"
  ask_postsuper -r '($3 != "maildrop" && $3 != "corrupt")' hold incoming active deferred
  tries=25
  while IFS=$tab read -r instance config _ _; do postkick -c "$config" public pickup W 2>"$tmp/err" 9>&- && tries=0; done <"$tmp/instances"
  while [ "$tries" -lt 25 ] && grep -q "${tab}maildrop$tab" "$tmp/after"; do
    tries=$((tries + 1))
    sleep 0.2
    locate "$tmp/after"
  done
  ids_now | awk -F"$tab" 'FILENAME == ARGV[1] { was[$1 "\t" $2] = 1; next } !(($1 "\t" $2) in was)' "$tmp/was" - >"$tmp/new"
  cut -f4 "$tmp/new" >"$tmp/paths"
  idents "$tmp/paths" >"$tmp/idents"
  awk -F"$tab" '
    FILENAME == ARGV[1] { ident[$1] = $2 "\t" $3; next }
    FILENAME == ARGV[2] { if ($4 in ident) now[$1 "\t" ident[$4]] = $2; next }
    FILENAME == ARGV[3] { old[$1] = $2 "\t" $3; next }
    FILENAME == ARGV[4] { was[$1 "\t" $2] = $3; if ($4 in old) called[$1 "\t" $2] = $1 "\t" old[$4]; next }
    FILENAME == ARGV[5] { is[$1 "\t" $2] = $3; next }
    { k = $1 "\t" $2; n = is[k]
      o = was[k] == "" ? "gone" : n == "" || n == "maildrop" ? "requeued" : "left"
      print "r\t" k "\t" o "\t" n "\t" (o == "requeued" && (k in called) ? now[called[k]] : "") }
  ' "$tmp/idents" "$tmp/new" "$tmp/old" "$tmp/before" "$tmp/after" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}
verb_flush() {
  instances "$tmp/items"
  if [ ! -s "$tmp/items" ]; then
    while IFS=$tab read -r instance config _ _; do
      postqueue -c "$config" -f 2>"$tmp/err" || finish 70 "postqueue -f: $(cat "$tmp/err")"
    done <"$tmp/instances"
    return 0
  fi
  locate "$tmp/at"
  # postqueue takes no id on stdin; ids are checked and cannot be options.
  while IFS=$tab read -r instance config _ _; do
    ids_of "$tmp/at" | xargs -n 1 postqueue -c "$config" -i 2>"$tmp/err"
  done <"$tmp/instances"
  awk -F"$tab" 'FILENAME == ARGV[1] { at[$1 "\t" $2] = 1; next } { k = $1 "\t" $2; print "r\t" k "\t" (k in at ? "asked" : "gone") }' "$tmp/at" "$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}

# The archive of an action: QUEUE_DIRECTORY/sluice/ACTION, hard links beside a journal. The link keeps the inode, so the id of a kept
# message (short ids are made from it) is not used again, and restoring it is a link back.
keep_of() { keep=$queue/sluice/$action; }
kept_ids() { find "$keep" -type f ! -name journal ! -name kind 2>/dev/null | sed 's|.*/||' | sort; }
kept_sum() { kept_ids | sed "s|^|$keep/|" | xargs stat -c %s 2>/dev/null | awk -v OFS="$tab" '{ b += $1 } END { printf "%d\t%.0f", NR, b }'; }
note_all() { # word, file of ids
  sed "s/^/$(date -u +%Y-%m-%dT%H:%M:%SZ) $1 /" "$2" >>"$keep/journal"
}
paths_in() { sed "s|^|$1/|" "$2"; } # directory, file of ids
hash_paths() { xargs sha256sum 2>/dev/null | awk '{ print substr($0, 67) "\t" substr($0, 1, 64) }'; }
inode_paths() { xargs stat -c "%n$tab%i" 2>/dev/null; }

# Puts what is asked for in $tmp on hold, links it into the archive, and reads it there.
keep_and_read() {
  move_to_hold
  hold_paths "$tmp/asked" | inode_paths >"$tmp/hold-inodes"
  # An existing link stays; whether it is the same file is looked at later.
  cut -f1 "$tmp/hold-inodes" | xargs sh -c 'ln -- "$@" "$0/" 2>/dev/null; :' "$keep"
  paths_in "$keep" "$tmp/asked" | inode_paths >"$tmp/kept-inodes"
  # Locks are looked at before the content: on hold no agent begins anew, so what is free now is at rest.
  locked_inodes >"$tmp/locks"
  cut -f1 "$tmp/kept-inodes" | hash_paths >"$tmp/hashes"
  read_envelopes "$tmp/kept-inodes" "$tmp/envelopes"
}
verb_keep() {
  action=$(param 1) kind=$(param 2)
  [ -r /proc/locks ] || finish 78 "/proc/locks cannot be read, so a message in delivery cannot be told"
  instances "$tmp/items"
  locate "$tmp/before"
  : >"$tmp/out"
  while IFS=$tab read -r instance config queue _; do
    awk -F"$tab" -v i="$instance" '$1 == i' "$tmp/items" >"$tmp/mine"
    [ -s "$tmp/mine" ] || continue
    keep_of
    mkdir -p "$keep" || finish 74 "$keep cannot be made"
    echo "$kind" >"$keep/kind" || finish 74 "$keep cannot be written: is the disk full?"
    cut -f2 "$tmp/mine" >"$tmp/asked"
    note_all keep "$tmp/asked" || finish 74 "the journal cannot be written: is the disk full?"
    depth_of hold
    # Half of them beside the other half, each with a folder of its own for what is noted.
    mkdir -p "$tmp/odd" "$tmp/even"
    awk -F"$tab" -v i="$instance" -v tmp="$tmp" '
      BEGIN { lane[0] = tmp "/even/"; lane[1] = tmp "/odd/"; for (l in lane) { printf "" >(lane[l] "asked"); printf "" >(lane[l] "before") } }
      FILENAME == ARGV[1] { to[$1] = lane[FNR % 2]; print >(to[$1] "asked"); next }
      $1 == i { print >(to[$2] "before") }' "$tmp/asked" "$tmp/before"
    (tmp=$tmp/odd; keep_and_read) &
    (tmp=$tmp/even; keep_and_read)
    wait $!
    sync "$keep" "$keep/journal" 2>/dev/null || sync
    for part in hold-inodes kept-inodes locks hashes envelopes; do cat "$tmp/odd/$part" "$tmp/even/$part" >"$tmp/$part"; done
    # What is on hold and has no link in the archive has found no room there.
    sed 's|.*/||' "$tmp/kept-inodes" | awk -F"$tab" 'FILENAME == ARGV[1] { kept[$1] = 1; next } { n = $1; sub(/.*\//, "", n); if (!(n in kept)) print $1 }' - "$tmp/hold-inodes" |
      xargs sh -c 'for f do [ ! -f "$f" ] || exit 1; done' sh || finish 74 "not all messages could be linked into $keep: is the disk full?"
    sed 's|.*/||' "$tmp/hold-inodes" | awk -F"$tab" 'FILENAME == ARGV[1] { held[$1] = 1; next } !($1 in held)' - "$tmp/asked" >"$tmp/ids"
    : >"$tmp/left"
    [ ! -s "$tmp/ids" ] || look_for "$tmp/ids" >"$tmp/left"
    awk -F"$tab" -v keep="$keep/" -v husks="$tmp/husks" '
      FILENAME == ARGV[1] { was[$1 "\t" $2] = $3 == "hold" ? "already" : "held"; next }
      FILENAME == ARGV[2] { n = $1; sub(/.*\//, "", n); held[n] = $2; next }
      FILENAME == ARGV[3] { kept[$1] = $2; next }
      FILENAME == ARGV[4] { lock[$1] = 1; next }
      FILENAME == ARGV[5] { hash[$1] = $2; next }
      FILENAME == ARGV[6] { e[$1] = substr($0, length($1) + 2); left[$1] = $8; next }
      FILENAME == ARGV[7] { stays[$1] = 1; next }
      {
        p = keep $2; none = "\t\t\t\t\t\t\t\t\t\t"
        if (!(p in kept)) o = ($2 in held ? "unread" : $2 in stays ? "left" : "gone") "\t" none
        else if ($2 in held && held[$2] != kept[p]) o = "changed\t" none
        else if (!(p in hash) || !(p in e)) o = "unread\t" none
        else {
          busy = kept[p] in lock; husk = !busy && left[p] == 0
          if (husk && $2 in held) print p >husks
          o = (husk ? "husk" : "kept") "\t" kept[p] "\t" hash[p] "\t" busy "\t" e[p]
        }
        print "r\t" $1 "\t" $2 "\t" o "\t" ($2 in held ? was[$1 "\t" $2] : "")
      }' "$tmp/before" "$tmp/hold-inodes" "$tmp/kept-inodes" "$tmp/locks" "$tmp/hashes" "$tmp/envelopes" "$tmp/left" "$tmp/mine" >>"$tmp/out"
    # What has no recipient left is no mail to keep: without its link drop refuses it, and Postfix removes it when it is released.
    xargs rm -f -- <"$tmp/husks"
    : >"$tmp/husks"
  done <"$tmp/instances"
  emit "$tmp/out"
}

verb_unkeep() {
  action=$(param 1)
  instances "$tmp/items"
  : >"$tmp/out"
  while IFS=$tab read -r instance _ queue _; do
    keep_of
    ids_of "$tmp/items" >"$tmp/ids"
    [ -s "$tmp/ids" ] || continue
    paths_in "$keep" "$tmp/ids" | inode_paths >"$tmp/kept-inodes"
    if [ -s "$tmp/kept-inodes" ]; then
      # A link that is the message's last name is never dropped: it would be the message.
      cut -f1 "$tmp/kept-inodes" | xargs stat -c "%h$tab%n" 2>/dev/null | awk -F"$tab" '$1 > 1 { print $2 }' >"$tmp/drop"
      sed 's|.*/||' "$tmp/drop" >"$tmp/ids"
      note_all unkeep "$tmp/ids"
      xargs rm -f -- <"$tmp/drop"
    fi
    awk -F"$tab" -v i="$instance" -v keep="$keep/" 'FILENAME == ARGV[1] { d[$1] = 1; next } $1 == i { print "r\t" $1 "\t" $2 "\t" ((keep $2) in d ? "unkept" : "gone") }' "$tmp/drop" "$tmp/items" >>"$tmp/out"
  done <"$tmp/instances"
  emit "$tmp/out"
}

verb_drop() {
  action=$(param 1)
  instances "$tmp/items"
  : >"$tmp/out"
  while IFS=$tab read -r instance config queue _; do
    awk -F"$tab" -v i="$instance" '$1 == i' "$tmp/items" >"$tmp/mine"
    [ -s "$tmp/mine" ] || continue
    keep_of
    cut -f2 "$tmp/mine" >"$tmp/asked"
    depth_of hold
    # Half of the archive beside the other half.
    awk -v keep="$keep" -v odd="$tmp/odd" -v even="$tmp/even" 'BEGIN { printf "" >odd; printf "" >even } { print keep "/" $0 >(NR % 2 ? odd : even) }' "$tmp/asked"
    hash_paths <"$tmp/odd" >"$tmp/odd-hashes" &
    hash_paths <"$tmp/even" >"$tmp/hashes"
    wait $!
    cat "$tmp/odd-hashes" >>"$tmp/hashes"
    # Looked at last: between this and the deletion is no more than the comparison.
    paths_in "$keep" "$tmp/asked" | inode_paths >"$tmp/kept-inodes"
    hold_paths "$tmp/asked" | inode_paths >"$tmp/hold-inodes"
    locked_inodes >"$tmp/locks"
    : >"$tmp/paths"
    # What an earlier call was asked to delete, or did: where that was cut, only the journal knows.
    awk '$2 == "drop" || $2 == "dropped" { print $3 "\t" $2 }' "$keep/journal" >"$tmp/before" 2>/dev/null
    awk -F"$tab" -v keep="$keep/" -v paths="$tmp/paths" '
      FILENAME == ARGV[1] { n = $1; sub(/.*\//, "", n); held[n] = $2; at[n] = $1; next }
      FILENAME == ARGV[2] { kept[$1] = $2; next }
      FILENAME == ARGV[3] { lock[$1] = 1; next }
      FILENAME == ARGV[4] { hash[$1] = $2; next }
      FILENAME == ARGV[5] { did[$1] = $2; next }
      {
        p = keep $2
        if (!(p in kept)) o = "unkept"
        else if (kept[p] != $3 || hash[p] != $4) o = "changed"
        else if (!($2 in held)) o = !($2 in did) ? "gone" : did[$2] == "dropped" ? "dropped" : "cut"
        else if (held[$2] != $3) o = "changed"
        else if ($3 in lock) o = "locked"
        else { o = "drop"; print at[$2] >paths }
        print $1 "\t" $2 "\t" $3 "\t" o
      }' "$tmp/hold-inodes" "$tmp/kept-inodes" "$tmp/locks" "$tmp/hashes" "$tmp/before" "$tmp/mine" >"$tmp/verdicts"
    awk -F"$tab" '$4 == "drop" { print $2 }' "$tmp/verdicts" >"$tmp/ids"
    if [ -s "$tmp/ids" ]; then
      note_all drop "$tmp/ids" && { sync "$keep/journal" 2>/dev/null || sync; } || finish 74 "the journal cannot be written: is the disk full?"
      # What postsuper -d does (it unlinks the message and its defer, bounce and trace logs, whoever is at it), but of exactly
      # the files that were compared, and without its line to the log for each before the next. These lines follow.
      xargs rm -f -- <"$tmp/paths"
      # The file is nowhere in the queue any more, or it was not deleted.
      look_for "$tmp/ids" >"$tmp/still"
      awk -F"$tab" 'FILENAME == ARGV[1] { still[$1 "\t" $2] = 1; next } $4 == "drop" && !(($2 "\t" $3) in still) { print $2 }' "$tmp/still" "$tmp/verdicts" >"$tmp/dropped"
      find "$queue/defer" "$queue/bounce" "$queue/trace" -type f 2>/dev/null |
        awk -F/ 'FILENAME == ARGV[1] { d[$1] = 1; next } $NF in d' "$tmp/dropped" - | xargs rm -f --
      note_all dropped "$tmp/dropped"
      say_of removed "$tmp/dropped"
    fi
    awk -F"$tab" 'FILENAME == ARGV[1] { d[$1] = 1; next } { o = $4; if (o == "drop") o = $2 in d ? "dropped" : "left"; print "r\t" $1 "\t" $2 "\t" o }' "$tmp/dropped" "$tmp/verdicts" >>"$tmp/out"
    : >"$tmp/dropped"
  done <"$tmp/instances"
  emit "$tmp/out"
}
look_for() { # file of ids: id and inode of those of this instance that are in any queue
  for q in $queues; do find "$queue/$q" -type f 2>/dev/null; done |
    awk -F/ 'FILENAME == ARGV[1] { want[$1] = 1; next } $NF in want' "$1" - | inode_paths | sed 's|.*/||'
}

verb_restore() {
  action=$(param 1)
  instances "$tmp/items"
  : >"$tmp/out"
  while IFS=$tab read -r instance config queue _; do
    keep_of
    [ -d "$keep" ] || { [ -s "$tmp/items" ] && awk -F"$tab" -v i="$instance" '$1 == i { print "r\t" $1 "\t" $2 "\tgone" }' "$tmp/items" >>"$tmp/out"; continue; }
    if [ -s "$tmp/items" ]; then awk -F"$tab" -v i="$instance" '$1 == i { print $2 "\t" $3 }' "$tmp/items" >"$tmp/mine"; else kept_ids | sed "s/$/$tab/" >"$tmp/mine"; fi
    [ -s "$tmp/mine" ] || continue
    cut -f1 "$tmp/mine" >"$tmp/ids"
    paths_in "$keep" "$tmp/ids" | hash_paths >"$tmp/hashes"
    depth_of hold
    awk -F"$tab" -v depth="$depth" -v keep="$keep/" -v base="$queue/hold" "$id_folder"'
      FILENAME == ARGV[1] { hash[$1] = $2; next }
      !((keep $1) in hash) { print "gone\t" $1; next }
      $2 != "" && hash[keep $1] != $2 { print "damaged\t" $1; next }
      { print "restore\t" $1 "\t" folder($1) }' "$tmp/hashes" "$tmp/mine" >"$tmp/verdicts"
    awk -F"$tab" '$1 == "restore" { print $2 }' "$tmp/verdicts" >"$tmp/ids"
    note_all restore "$tmp/ids" || finish 74 "the journal cannot be written: is the disk full?"
    awk -F"$tab" '$1 == "restore" { print $3 "/" $2 }' "$tmp/verdicts" | make_folders hold
    while IFS= read -r d; do
      # ln never replaces a name; the archive's own name goes only once the other is seen to be the same file.
      awk -F"$tab" -v d="$d" -v keep="$keep/" '$3 == d { print keep $2 }' "$tmp/verdicts" | xargs sh -c 'ln -- "$@" "$0/" 2>/dev/null; :' "$d"
    done <"$tmp/folders"
    awk -F"$tab" '$1 == "restore" { print $3 "/" $2 }' "$tmp/verdicts" | inode_paths >"$tmp/hold-inodes"
    paths_in "$keep" "$tmp/ids" | inode_paths >"$tmp/kept-inodes"
    xargs sync <"$tmp/folders" 2>/dev/null || sync
    awk '$2 == "restored" { print $3 }' "$keep/journal" >"$tmp/before"
    awk -F"$tab" -v instance="$instance" '
      FILENAME == ARGV[1] { n = $1; sub(/.*\//, "", n); held[n] = $2; next }
      FILENAME == ARGV[2] { n = $1; sub(/.*\//, "", n); kept[n] = $2; next }
      FILENAME == ARGV[3] { did[$1] = 1; next }
      { o = $1; if (o == "restore") o = held[$2] != "" && held[$2] == kept[$2] ? "restored" : held[$2] != "" ? "taken" : "left"
        if (o == "gone" && $2 in did) o = "already"
        print "r\t" instance "\t" $2 "\t" o }' "$tmp/hold-inodes" "$tmp/kept-inodes" "$tmp/before" "$tmp/verdicts" >"$tmp/mine-out"
    awk -F"$tab" '$4 == "restored" { print $3 }' "$tmp/mine-out" >"$tmp/ids"
    note_all restored "$tmp/ids"
    paths_in "$keep" "$tmp/ids" | xargs rm -f --
    cat "$tmp/mine-out" >>"$tmp/out"
  done <"$tmp/instances"
  emit "$tmp/out"
}

verb_archives() {
  instances
  while IFS=$tab read -r instance _ queue _; do
    find "$queue/sluice" -mindepth 2 -maxdepth 2 -type f -name kind 2>/dev/null >"$tmp/kinds"
    while IFS= read -r kind; do
      keep=${kind%/kind} action=${kind%/kind}
      row "$instance" "${action##*/}" "$(head -c 20 "$kind" | tr -cd a-z)" "$(kept_sum)" "$(stat -c %Y "$kind")"
    done <"$tmp/kinds"
  done <"$tmp/instances"
}
verb_archive_read() {
  action=$(param 1) form=$(param 2)
  instances
  while IFS=$tab read -r instance _ queue _; do
    keep_of
    kept_ids >"$tmp/ids"
    while IFS= read -r id; do
      if [ "$form" = raw ]; then cat "$keep/$id"; else postcat -bh "$keep/$id" 2>/dev/null; fi >"$tmp/message" || continue
      frame "$tmp/message"
      row "$instance" "$id" "$(wc -c <"$tmp/message")"
    done <"$tmp/ids"
  done <"$tmp/instances"
}
verb_archive_delete() {
  action=$(param 1)
  instances
  while IFS=$tab read -r instance _ queue _; do
    keep_of
    [ -d "$keep" ] || continue
    summed=$(kept_sum)
    rm -rf "$keep"
    row "$instance" "$summed"
  done <"$tmp/instances"
}

# The access table: CONFIG/sluice_access, asked first by smtpd_sender_restrictions. Postfix folds the keys of such tables to lower
# case, so the login goes through CONFIG/sluice_exact first, a fixed regexp table: it puts a DEL, which no login has when it is looked
# up (printable(3)), before each capital, and `Alice` and `alice` are two keys. Logins with over 32 capitals share one more mark.
exact_table='BEGIN { p = "^([^A-Z]*)"; r = "${1}"; print "/" p "$/i " r; for (n = 2; n < 66; n += 2) { p = p "([A-Z])([^A-Z]*)"; r = r "\177${" n "}${" n + 1 "}"; print "/" p "$/i " r } print "/^(.*)$/ \177\177${1}" }'
keys='
function spelled(k) { gsub(/\177/, "", k); return k }
function key(s,  i, c, o, n) {
  if (!exact) return tolower(s)
  for (i = 1; i <= length(s); i++) { c = substr(s, i, 1); if (c ~ /[A-Z]/) { n++; c = "\177" c } o = o c }
  return n > 32 ? "\177\177" tolower(s) : o
}
'
map_type() { postconf -c "$config" -m 2>/dev/null | awk '{ is[$1] = 1 } END { print is["lmdb"] ? "lmdb" : is["hash"] ? "hash" : is["btree"] ? "btree" : "" }'; }
exact_name() { echo "pipemap:{regexp:$config/sluice_exact,$type:$config/sluice_access}"; }
# How main.cf asks, or else how the set-up makes it ask: asked, type, exact. The plain table, which folds, was there first.
asked_table() {
  asked=$(postconf -c "$config" -h smtpd_sender_restrictions 2>/dev/null | one_line | grep -o "$any_ask" | sed 's/^check_sasl_access[ ,]*//' | head -n 1)
  case $asked in
    pipemap:*) exact=1 type=${asked##*,} ;;
    ?*) exact=0 type=$asked ;;
    *) exact=1 type=$(map_type) asked='' ;;
  esac
  type=${type%%:*}
  [ -n "$asked" ] || asked=$(exact_name)
}
any_ask='check_sasl_access[ ,]*\(pipemap:{regexp:[^ ,]*/sluice_exact,\)\{0,1\}[a-z]*:[^ ,}]*/sluice_access}\{0,1\}'
one_line() { tr '\n\t' '  ' | sed 's/^ *//; s/ *$//'; }
commas() { tr -s ' ,' ','; }
smtpd_services() { # NAME/TYPE of each smtpd service
  postconf -c "$config" -Mf 2>/dev/null | awk '/^[^ \t#]/ && $8 == "smtpd" { print $1 "/" $2 }'
}
service_value() { # service, parameter: as that service sees it
  postconf -c "$config" -P "$1/$2" 2>/dev/null | sed 's/^[^=]*= *//' | grep . || postconf -c "$config" -h "$2"
}
verb_access_look() {
  instances
  while IFS=$tab read -r instance config _ _; do
    asked_table
    ready=0
    for f in "$config/sluice_access.lmdb" "$config/sluice_access.db"; do [ ! -f "$f" ] || ready=1; done
    [ "$exact" = 0 ] || [ -s "$config/sluice_exact" ] || ready=0
    for service in $(smtpd_services); do
      value=$(service_value "$service" smtpd_sender_restrictions | one_line)
      over=$(postconf -c "$config" -P "$service/smtpd_sender_restrictions" 2>/dev/null | grep -c . || :)
      case $(service_value "$service" smtpd_sasl_auth_enable) in yes) logins=1 ;; *) logins=0 ;; esac
      case $(printf '%s' "$value" | commas) in "check_sasl_access,$asked" | "check_sasl_access,$asked,"*) asks=1 ;; *) asks=0 ;; esac
      printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$instance" "$service" "$logins" "$asks" "$value" "$over" "$type" "$ready"
    done
  done <"$tmp/instances" | awk -F"$tab" -v OFS="$tab" "$lib"'{ $2 = esc($2); $5 = esc($5); print "r\t" $0 }' >"$tmp/out"
  emit "$tmp/out"
}
say_or_do() { # op, words of a command: shown, and run unless previewing
  op=$1
  shift
  printf '%s' "$instance" >>"$tmp/commands"
  for w; do case $w in *[!A-Za-z0-9_./:=@-]*) w="'$w'" ;; esac; printf '\t%s' "$w"; done >>"$tmp/commands"
  echo >>"$tmp/commands"
  [ "$op" = preview ] || "$@" >/dev/null 2>"$tmp/err" || finish 70 "$1 failed: $(cat "$tmp/err")"
}
verb_access_setup() {
  op=$(param 1)
  case $op in preview | apply | undo) ;; *) finish 65 "the set-up is previewed, applied or undone" ;; esac
  instances
  : >"$tmp/commands"
  awk "$exact_table" >"$tmp/exact"
  while IFS=$tab read -r instance config _ _; do
    asked_table
    [ -n "$type" ] || finish 78 "Postfix has no lmdb, hash or btree map type here"
    changed=0
    if [ "$op" != undo ]; then
      [ -f "$config/sluice_access" ] || { say_or_do "$op" touch "$config/sluice_access"; [ "$op" = preview ] || chmod 644 "$config/sluice_access"; }
      if [ "$(cat "$config/sluice_exact" 2>/dev/null)" != "$(cat "$tmp/exact")" ]; then
        printf '%s\tawk\t%s\t>%s\n' "$instance" "'$exact_table'" "$config/sluice_exact" >>"$tmp/commands"
        [ "$op" = preview ] || { cp "$tmp/exact" "$config/sluice_exact.new" && chmod 644 "$config/sluice_exact.new" && mv -f "$config/sluice_exact.new" "$config/sluice_exact"; } || finish 74 "$config/sluice_exact cannot be written"
      fi
      set +f; ls "$config"/sluice_access.* >/dev/null 2>&1 || { say_or_do "$op" postmap "$type:$config/sluice_access"; }; set -f
    fi
    was=$exact exact=1 ask="check_sasl_access $(exact_name)"
    value=$(postconf -c "$config" -h smtpd_sender_restrictions | one_line)
    new=$(access_value "$value")
    if [ "$new" != "$value" ]; then
      changed=1
      # Undone to nothing: the default again, as before.
      if [ -n "$new" ]; then say_or_do "$op" postconf -c "$config" -e "smtpd_sender_restrictions=$new"; else say_or_do "$op" postconf -c "$config" -X smtpd_sender_restrictions; fi
    fi
    # The keys of a table that was asked plainly are written anew.
    if [ "$op$was" = apply0 ]; then : >"$tmp/items"; write_access; fi
    ask="check_sasl_access,$(exact_name)"
    for service in $(smtpd_services); do
      value=$(postconf -c "$config" -P "$service/smtpd_sender_restrictions" 2>/dev/null | sed 's/^[^=]*= *//' | one_line)
      [ -n "$value" ] || continue
      # postconf -P takes no white space in a value; commas separate restrictions as well.
      value=$(printf '%s' "$value" | commas)
      new=$(access_value "$value")
      [ "$new" = "$value" ] || { changed=1; say_or_do "$op" postconf -c "$config" -P "$service/smtpd_sender_restrictions=$new"; }
    done
    [ "$changed" = 0 ] || say_or_do "$op" postfix -c "$config" reload
  done <"$tmp/instances"
  awk "$lib"'{ t = index($0, "\t"); c = substr($0, t + 1); gsub(/\t/, " ", c); print "r\t" substr($0, 1, t - 1) "\t" esc(c) }' "$tmp/commands" >"$tmp/out"
  emit "$tmp/out"
}
access_value() { # the restrictions with (or, undoing, without) the question in front
  case $1 in "$ask" | "$ask,"*) [ "$op" = undo ] || { printf '%s\n' "$1"; return; } ;; esac
  rest=$1
  case $1 in *check_sasl_access*sluice_access*) rest=$(printf '%s\n' "$1" | sed "s#${any_ask}[ ,]*##g; s#[ ,]*\$##") ;; esac
  case $op:$rest in
    undo:*) printf '%s\n' "$rest" ;;
    *:) printf '%s\n' "$ask" ;;
    *:*[[:blank:]]*) printf '%s, %s\n' "$ask" "$rest" ;;
    *) printf '%s,%s\n' "$ask" "$rest" ;;
  esac
}
verb_access_list() {
  only=$(param 1)
  instances
  while IFS=$tab read -r instance config _ _; do
    [ -z "$only" ] || [ "$only" = "$instance" ] || continue
    [ ! -f "$config/sluice_access" ] || awk -v i="$instance" "$lib$keys"'NF > 1 && !/^#/ { print "r\t" i "\t" esc(spelled($1)) "\t" $2 }' "$config/sluice_access"
  done <"$tmp/instances" >"$tmp/out"
  emit "$tmp/out"
}
verb_access_set() {
  only=$(param 1)
  instances
  : >"$tmp/out"
  while IFS=$tab read -r instance config _ _; do
    [ -z "$only" ] || [ "$only" = "$instance" ] || continue
    asked_table
    if [ ! -f "$config/sluice_access" ]; then awk -F"$tab" -v i="$instance" -v t="$type" "$lib"'{ print "r\t" i "\t" esc($1) "\tnot-set-up\t" t }' "$tmp/items" >>"$tmp/out"; continue; fi
    write_access
    cat "$tmp/set" >>"$tmp/out"
    : >"$tmp/set"
  done <"$tmp/instances"
  emit "$tmp/out"
}
write_access() { # the items put into the table of $config: type and exact say how; rows into $tmp/set
  text=$config/sluice_access
  awk -F"$tab" -v i="$instance" -v t="$type" -v exact="$exact" -v new="$text.sluice-new" -v out="$tmp/set" "$lib$keys"'
    FILENAME == ARGV[1] { n = split($0, w, " "); if (n > 1 && w[1] !~ /^#/) { s = spelled(w[1]); k = key(s); if (!(k in v)) order[++m] = k; v[k] = w[2]; name[k] = s } next }
    { k = key($1); was = k in v ? v[k] : "-"; if (!(k in v)) order[++m] = k; v[k] = $2; name[k] = $1
      print "r\t" i "\t" esc($1) "\t" (was == $2 ? "same" : "set") "\t" t >out }
    END { print "# Written by Sluice: SASL logins that may not send. login verdict" >new
      for (j = 1; j <= m; j++) { k = order[j]; if (v[k] != "-") print (!exact ? name[k] : k ~ /^\177\177/ ? "\177\177" name[k] : k) "\t" v[k] >new } }' "$text" "$tmp/items" || finish 74 "$text cannot be written"
  chmod 644 "$text.sluice-new"
  sync "$text.sluice-new" 2>/dev/null || sync
  mv -f "$text.sluice-new" "$text" || finish 74 "$text cannot be written"
  if [ "$type" = lmdb ]; then
    postmap -c "$config" "lmdb:$text" 2>"$tmp/err" || finish 70 "postmap: $(cat "$tmp/err")"
  else
    # Without transactions: made beside, then put in place at once.
    cp -p "$text" "$text-next" && postmap -c "$config" "$type:$text-next" 2>"$tmp/err" && mv -f "$text-next.db" "$text.db" || finish 70 "postmap: $(cat "$tmp/err")"
    rm -f "$text-next"
  fi
}

smtpds_of() { # pids of the instance's smtpd processes, by their parent
  master=$(tr -cd 0-9 <"$queue/pid/master.pid" 2>/dev/null)
  [ -n "$master" ] || return 0
  set +f
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v m="$master" '{ p = $1; s = $0; sub(/^.*\) . /, "", s); split(s, f, " "); if (index($0, "(smtpd)") && f[1] == m) print p }'
  set -f
}
end_pids() { # pids on stdin: ended, and those that live on after 5 s printed
  cat >"$tmp/pids"
  xargs kill <"$tmp/pids" 2>/dev/null
  tries=0
  while :; do
    while read -r pid; do [ ! -d "/proc/$pid" ] || grep -q ') Z' "/proc/$pid/stat" 2>/dev/null || echo "$pid"; done <"$tmp/pids" >"$tmp/alive"
    [ -s "$tmp/alive" ] && [ $tries -lt 25 ] || break
    tries=$((tries + 1))
    sleep 0.2
  done
  cat "$tmp/alive"
}
verb_end_sessions() {
  instances "$tmp/items"
  while IFS=$tab read -r instance _ queue _; do
    awk -F"$tab" -v i="$instance" '$1 == i { print $2 }' "$tmp/items" >"$tmp/asked"
    [ -s "$tmp/asked" ] || continue
    smtpds_of >"$tmp/smtpds"
    if grep -qx 0 "$tmp/asked"; then cp "$tmp/smtpds" "$tmp/asked"; fi
    grep -xF -f "$tmp/smtpds" "$tmp/asked" | end_pids >"$tmp/still"
    while read -r pid; do
      if grep -qx "$pid" "$tmp/still"; then o=left; elif grep -qx "$pid" "$tmp/smtpds"; then o=ended; elif [ -d "/proc/$pid" ]; then o=not-smtpd; else o=gone; fi
      printf 'r\t%s\t%s\t%s\n' "$instance" "$pid" "$o"
    done <"$tmp/asked"
  done <"$tmp/instances" >"$tmp/out"
  emit "$tmp/out"
}

verb_kick() {
  while IFS= read -r account; do
    detail=''
    if ! command -v doveadm >/dev/null || ! running_dovecot; then o=no-dovecot
    else
      # doveadm kick takes a mask; an account that would be one is refused.
      case $account in *[*?]*) o=failed detail='doveadm would take the * or ? in this account for a pattern' ;; *)
        doveadm auth cache flush "$account" >"$tmp/said" 2>&1 && flushed=1 || flushed=0
        if doveadm kick "$account" >>"$tmp/said" 2>&1; then o='done'; elif [ $? -eq 68 ]; then o=none; else o=failed; fi
        [ "$o" != failed ] || [ "$flushed" = 0 ] || o=none
        detail=$(head -c 500 "$tmp/said")
      ;; esac
    fi
    printf '%s\n%s\n%s\n' "$account" "$o" "$(printf '%s' "$detail" | tr '\n' ' ')" | awk "$lib"'{ printf "%s\t%s", (NR > 1 ? "" : "r"), esc($0) } END { print "" }'
  done <"$tmp/items" >"$tmp/out"
  emit "$tmp/out"
}
verb_mailbox_command() {
  run=/etc/sluice/mailbox-command
  [ -x "$run" ] || finish 78 "there is no $run on the host"
  [ "$(stat -Lc %u "$run")" = 0 ] && case $(stat -Lc %a "$run") in *[2367][0-7] | *[2367]) false ;; esac || finish 77 "$run must be owned by root and writable by root alone"
  param 1 | "$run" >"$tmp/said" 2>&1 && o='done' || o=failed
  printf 'r\t%s\t%s\n' "$o" "$(head -c 1000 "$tmp/said" | tr '\n' ' ' | awk "$lib"'{ print esc($0) }')" >"$tmp/out"
  emit "$tmp/out"
}

# Brakes. Each sets one parameter of main.cf and reloads; what stood there before is kept in CONFIG/sluice-brake-KIND and put back.
#   hold-queue  all queued mail to hold; header_checks answers HOLD for what comes
#   stop-in     master_service_disable: no listening ports and no pickup; open smtpd sessions are ended
#   stop-out    defer_transports: every delivery transport of master.cf
brake_setting() {
  case $kind in
    hold-queue) parameter=header_checks value=static:HOLD ;;
    stop-in) parameter=master_service_disable value='inet, pickup/unix, pickup/fifo' ;;
    stop-out) parameter=defer_transports value=$(postconf -c "$config" -M | awk '$8 ~ /^(smtp|lmtp|local|virtual|pipe)$/ { printf "%s%s", (n++ ? ", " : ""), $1 }') ;;
  esac
}
verb_brake() {
  kind=$(param 1) op=$(param 2)
  case $op in on | off) ;; *) finish 65 "a brake is on or off" ;; esac
  instances
  : >"$tmp/out"
  while IFS=$tab read -r instance config queue _; do
    state=$config/sluice-brake-$kind
    brake_setting
    if [ "$op" = on ]; then
      o=already
      if [ ! -f "$state" ]; then
        o=on
        rm -f "$state.last"
        { postconf -c "$config" -n "$parameter" 2>/dev/null | grep -q . && echo set || echo unset; postconf -c "$config" -h "$parameter"; } >"$state.new" &&
          { [ "$kind" != hold-queue ] || find "$queue/hold" -type f | sed 's|.*/||' >"$state.held"; } &&
          sync && mv "$state.new" "$state" || finish 74 "$state cannot be written"
      fi
      postconf -c "$config" -e "$parameter=$value" && postfix -c "$config" reload >/dev/null 2>"$tmp/err" || { running_postfix && finish 70 "postfix reload: $(cat "$tmp/err")"; }
      case $kind in
        hold-queue) postsuper -c "$config" -h ALL incoming active deferred >/dev/null 2>"$tmp/err" ;;
        stop-in) smtpds_of | end_pids >"$tmp/still" ;;
      esac
      printf 'r\t%s\t%s\t\n' "$instance" "$o" >>"$tmp/out"
    elif [ -f "$state" ]; then
      if [ "$(head -n 1 "$state")" = set ]; then postconf -c "$config" -e "$parameter=$(tail -n +2 "$state")"; else postconf -c "$config" -X "$parameter"; fi || finish 70 "postconf failed"
      postfix -c "$config" reload >/dev/null 2>"$tmp/err" || { running_postfix && finish 70 "postfix reload: $(cat "$tmp/err")"; }
      printf 'r\t%s\toff\t\n' "$instance" >>"$tmp/out"
      if [ "$kind" = hold-queue ]; then
        find "$queue/hold" -type f | sed 's|.*/||' | awk 'FILENAME == ARGV[1] { was[$1] = 1; next } !($1 in was)' "$state.held" - >"$state.last"
        held_rows
      fi
      rm -f "$state.held" "$state"
    else
      printf 'r\t%s\talready\t\n' "$instance" >>"$tmp/out"
      # An answer that was cut is asked for again: what it named and is still on hold.
      [ "$kind" != hold-queue ] || [ -z "$(find "$state.last" -mmin -10 2>/dev/null)" ] || held_rows
    fi
  done <"$tmp/instances"
  emit "$tmp/out"
}
held_rows() {
  find "$queue/hold" -type f | sed 's|.*/||' |
    awk -v i="$instance" 'FILENAME == ARGV[1] { last[$1] = 1; next } $1 in last { print "r\t" i "\theld\t" $1 }' "$state.last" - >>"$tmp/out"
}
verb_brakes() {
  instances
  while IFS=$tab read -r instance config _ _; do
    for kind in hold-queue stop-in stop-out; do
      [ ! -f "$config/sluice-brake-$kind" ] || printf 'r\t%s\t%s\t%s\n' "$instance" "$kind" "$(stat -c %Y "$config/sluice-brake-$kind")"
    done
  done <"$tmp/instances" >"$tmp/out"
  emit "$tmp/out"
}

if [ $# -eq 0 ]; then
  # shellcheck disable=SC2086 # split at blanks, no globbing (set -f): "sluice VERB"
  set -- ${SSH_ORIGINAL_COMMAND-}
  [ "${1-}" = sluice ] && shift || finish 64 "only Sluice's verbs are taken here"
  if [ "$(id -u)" -ne 0 ]; then
    printf '%s\n' "$table" | grep -q "^${1-} [ar]" || finish 64 "no such verb"
    exec sudo -n "$0" "$1"
  fi
fi
verb=${1-}
case $verb in '' | *[!a-z-]*) finish 64 "no such verb" ;; esac
entry=$(printf '%s\n' "$table" | grep "^$verb ") || finish 64 "no such verb"
[ "$(id -u)" -eq 0 ] || finish 77 "the script runs without root's rights"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/sluice.XXXXXX") || finish 74 "no temporary folder can be made: is the disk full?"
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM PIPE
: >"$tmp/err"; : >"$tmp/dropped"; : >"$tmp/set"; : >"$tmp/drop"; : >"$tmp/husks"
# shellcheck disable=SC2086 # four words
set -- $entry
check_request "$3" "$4"
if [ "$2" = act ]; then
  # One acting verb at a time. What it started holds the lock too, so a killed script's postsuper is waited for.
  command -v flock >/dev/null || finish 78 "flock (util-linux) is missing"
  mkdir -p /run/sluice && exec 9>/run/sluice/lock && flock -w 20 9 || finish 75 "another action is at work on this host"
fi
"verb_$(printf %s "$verb" | tr - _)"
finish 0
