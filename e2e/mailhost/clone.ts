import type { MailHost } from "./host";

/**
 * Makes `copies` more of what is deferred, far faster than SMTP takes mail: each copy is a queue file of its own under a
 * valid short id (five hex digits of microseconds, then its inode), with the smtpd line that it would have in the log. The
 * next attempt of each lies two hours ahead, so that qmgr(8) leaves them alone. Returns the ids.
 */
export async function clone(host: MailHost, copies: number): Promise<string[]> {
  return (await host.exec(program, [String(copies), host.logPath ?? "/dev/null"])).split("\n").filter(Boolean);
}

const program = `cat >/tmp/clone.pl <<'PERL'
use strict;
my ($copies, $log) = @ARGV;
my $spool = "/var/spool/postfix/deferred";
my $uid = getpwnam("postfix");
my %from;
open(my $in, "<", $log) or die;
while (<$in>) { $from{$1} = $_ if /smtpd\\[\\d+\\]: ([0-9A-F]+): client=/ }
my @models;
for my $path (glob("$spool/*/*")) {
  local $/;
  open(my $file, "<", $path) or next;
  push @models, [$path =~ m{([^/]+)$}, <$file>];
}
die "nothing is deferred\\n" unless @models;
open(my $out, ">>", $log) or die;
my $later = time + 7200;
for my $n (0 .. $copies - 1) {
  my ($model, $bytes) = @{$models[$n % @models]};
  my $new = "$spool/new";
  open(my $file, ">", $new) or die "$new: $!";
  print $file $bytes;
  close($file) or die;
  my $id = sprintf("%05X%X", int(rand(1000000)), (stat($new))[1]);
  my $folder = "$spool/" . substr($id, 0, 1);
  unless (-d $folder) { mkdir($folder, 0700); chown($uid, -1, $folder) }
  chown($uid, -1, $new);
  chmod(0700, $new);
  utime($later, $later, $new);
  rename($new, "$folder/$id") or die;
  (my $line = $from{$model} // "") =~ s/: $model: /: $id: /;
  print $out $line;
  print "$id\\n";
}
PERL
perl /tmp/clone.pl "$@"`;
