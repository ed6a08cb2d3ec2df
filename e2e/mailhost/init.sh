#!/bin/sh
# The first process of a mail host, inside its own mount, pid and uts namespaces. Arguments: the host's folder, its name,
# who writes the log, the relay mode, the relay port, the number of instances. It binds the private folders over the usual
# paths, starts the services, prints "ready", and waits: when its standard input closes it ends, and as it is pid 1 of
# its namespace every process and mount of the host ends with it.
set -eu
dir=$1 name=$2 log=$3 relay=$4 relay_port=$5 instances=$6

hostname "$name"
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs "$dir/dev"
for node in null zero full random urandom tty; do
  : >"$dir/dev/$node"
  mount --bind "/dev/$node" "$dir/dev/$node"
done
mkdir "$dir/dev/pts" "$dir/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$dir/dev/pts"
mount -t tmpfs tmpfs "$dir/dev/shm"
ln -s pts/ptmx "$dir/dev/ptmx"
ln -s /proc/self/fd "$dir/dev/fd"
ln -s /proc/self/fd/0 "$dir/dev/stdin"
ln -s /proc/self/fd/1 "$dir/dev/stdout"
ln -s /proc/self/fd/2 "$dir/dev/stderr"
for path in etc var run root home dev tmp; do
  mount --rbind "$dir/$path" "/$path"
done
cd /

case $log in
  syslog | rfc3339) rsyslogd -i /run/rsyslogd.pid ;;
  journal)
    mkdir -p /run/systemd/journal /var/log/journal
    /lib/systemd/systemd-journald >/dev/null 2>&1 &
    tries=0
    until [ -S /run/systemd/journal/dev-log ]; do
      tries=$((tries + 1))
      [ $tries -lt 1200 ] || { echo "journald did not start within 60 s" >&2; exit 1; }
      sleep 0.05
    done
    [ -e /dev/log ] || ln -s /run/systemd/journal/dev-log /dev/log
    ;;
esac

for table in recipient_access sender_access; do postmap "$(postconf -h default_database_type):/etc/postfix/$table"; done
postfix start >/dev/null 2>&1 || { postfix check >&2; tail -5 /var/log/mail.log >&2; exit 1; }
if [ "$instances" = 2 ]; then
  postmulti -e init >/dev/null
  mkdir -p /etc/postfix-out
  for part in dynamicmaps.cf dynamicmaps.cf.d postfix-files post-install postfix-script recipient_access sender_access; do
    [ -e "/etc/postfix/$part" ] && cp -r "/etc/postfix/$part" "/etc/postfix-out/$part"
  done
  for part in /etc/postfix/*_access.*; do cp "$part" /etc/postfix-out/; done
  mkdir -p /var/spool/postfix-out /var/lib/postfix-out
  chown postfix:root /var/lib/postfix-out
  postconf -e 'multi_instance_directories = /etc/postfix-out'
  postmulti -i postfix-out -p start >/dev/null 2>&1
fi
dovecot >/dev/null
/usr/sbin/sshd
/bin/sh /etc/mailhost/relay.sh "$relay" "$relay_port"
echo ready
# Not `exec`: the shell stays pid 1 and reaps what the daemons leave behind.
cat >/dev/null
