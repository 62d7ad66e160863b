/* topics.c - the pages of --help that are about no operator */
#include <stddef.h>

#include "lib/cli/topics.h"

const struct topic topics[] = {
	{ "expressions", "what where, let, alert, assert and seq take",
"One argument, best in single quotes.  From what binds loosest:\n"
"\n"
"  a or b, a and b, not a\n"
"  = != < <= > >=      a side in quotes: texts are compared; else numbers\n"
"  =~ !~               whether the left side matches a pattern in quotes\n"
"  in (a, b), contains, not in, not contains\n"
"  + - * / %\n"
"\n"
"  field, a.b.c        by name; {user-agent}: one with odd characters\n"
"  $1, $-1, $0         by position, from the end; the whole record\n"
"  12, 0.5, \"text\"     numbers, texts\n"
"\n"
"What a record lacks is absent, and so is what is made of it: neither true\n"
"nor false.  default(x, 0) stands in for it.\n"
"\n"
"    mbatch where '$9 >= 500 and $7 =~ \"^/cart\"'\n"
"    mbatch -i clf where 'status = 404 or path contains \"admin\"'\n"
"    mbatch -i clf let kb='round(bytes / 1024, 1)' then cut path,kb\n"
"    mbatch -i clf where 'default(user, \"-\") not in (\"alice\", \"bob\")'\n",
	    "patterns fields times" },
	{ "fields", "how arguments name what a record has",
"  2, -1               by position, from the end\n"
"  0                   the whole record\n"
"  status              by name: csv, tsv, json, logfmt, clf, -H\n"
"  user.name, tags.0   paths into JSON\n"
"  .9, .then           a name, whatever it looks like: .user-agent, too\n"
"  {a.b}, '{a b}'      a name with dots, commas or blanks\n"
"  host,path           a list, joined by commas, without blanks\n"
"  2-4, 4-             ranges, for cut\n"
"\n"
"A field that is a key (by, -k, uniq, dedup) may end in a bucket:\n"
"\n"
"  time:1m             the minute that it falls into\n"
"  bytes:10k           the multiple below\n"
"  ip:/24, ip:/24/48   the network, of IPv4 and IPv6\n"
"  msg:mask            the text with * for what varies\n"
"\n"
"What a record lacks is written as nothing, and left out of aggregates.\n"
"\n"
"    mbatch -a count by 1,9\n"
"    mbatch -a -i clf stats count,p99:bytes by host:/24\n"
"    mbatch -a -i clf cut time,who=host,path\n"
"    mbatch -a -i clf count by time:10m\n",
	    "expressions times cut" },
	{ "patterns", "POSIX extended regular expressions, on bytes",
"  . [abc] [^abc] [a-z]  a character, one of these, none of these\n"
"  a* a+ a? a{2,5}       times\n"
"  (a|b) ^ $             alternatives, the record's ends\n"
"  \\d \\s \\w \\b           digit, blank, letter of a word, a word's end;\n"
"                        \\D \\S \\W \\B: the opposites\n"
"  \\t \\n \\r \\xHH         bytes\n"
"  (?:...) (?i)          a group without number; either case, in front\n"
"\n"
"The longest of the leftmost matches counts, nothing is lazy: instead of\n"
"\".*?\" write \"[^\"]*\".  A pattern stands in single quotes for the shell.\n"
"parse does without: '* - * [*] \"*\"' is text but for its stars.\n"
"\n"
"    mbatch grep ' (4|5)[0-9]{2} '\n"
"    mbatch extract '\"(GET|POST) ([^ ]+)' method,path\n"
"    mbatch replace '[0-9]+[.][0-9]+ -' 'x.x -'\n"
"    mbatch -a -i clf where 'path =~ \"[.](css|js)$\"' then count\n",
	    "expressions grep extract parse replace" },
	{ "times", "what is read as a time, and in which zone",
"  2024-11-12T14:39:08.123+09:00   RFC 3339, ISO 8601, also with / . or blank\n"
"  10/Oct/2000:13:55:36 -0700      web servers\n"
"  Fri, 19 Nov 2021 09:15:05 GMT   mail; months by their English names\n"
"  Oct 10 13:55:36                 syslog: the newest year that fits\n"
"  1731391148, 1731391148.123      seconds (ms, us, ns) since 1970; TAI64N\n"
"\n"
"-T FIELD says where the records' own time is, -T 0 takes the first in the\n"
"record, -i clf knows.  What is no clear time (11/12/2021) needs a format, as\n"
"for strptime(3): -T 'day:%d/%m/%Y'.  Times without an offset are UTC, with\n"
"--local of TZ.  One over a day ahead is not believed: --ahead.\n"
"\n"
"Durations: 500ms, 1.5s, 90, 1m30s, 1h, 1d.\n"
"\n"
"    mbatch -T 0 -w 1h count then stamp time\n"
"    mbatch -i clf where 'strptime(time) > strptime(\"2026-10-06T09:00Z\")'\n"
"    mbatch -a -i clf let day='strftime(\"%F\", time)' then count by day\n",
	    "windows fields" },
	{ "windows", "batches of time: -w, -T, --late, over",
"  -t 1s               a batch closes when its oldest record waited a second\n"
"  -g 1s               when nothing came for a second\n"
"  -w 1m               windows that begin at whole minutes, by the clock\n"
"  -w 1m -T FIELD      by the records' own time: live or from a file\n"
"  -w 1m -i clf        (clf has a time column)\n"
"  -w 1w, 1mo, 1d@6h   weeks, months, days that begin at six\n"
"  --late 10s          windows wait for records that come late\n"
"  ... over 5          an aggregate of the last 5 batches, with each batch\n"
"  ... over all        of all so far\n"
"\n"
"Windows without records come, too: a count of 0 is an answer.  stamp shows\n"
"a window's start and why it closed.  A record that is too late counts in the\n"
"oldest window that is open, and is told.\n"
"\n"
"    mbatch -i clf -w 1h count by status then stamp time\n"
"    mbatch -T 0 -w 30m stats count then step delta count\n"
"    mbatch -i clf -w 1h count over 2 then stamp time\n",
	    "times stamp rate missing" },
};
const size_t ntopics = sizeof topics / sizeof *topics;
