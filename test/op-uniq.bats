#!/usr/bin/env bats
# op-uniq.bats - distinct records

load helper

@test "uniq: what every operator does" {
	usual uniq
	usual uniq -c
	usual uniq -u 2
}

@test "uniq: the first of each, not only of adjacent ones" {
	try -a uniq <<<$'b\na\nb\na\nc'
	gives 'b\na\nc\n'
	try -n 2 uniq <<<$'b\nb\nb\na'
	gives 'b\nb\na\n'
	try -a uniq < <(printf 'a\na\r\na\0\na\n')
	gives 'a\na\r\na@\n'
}

@test "uniq FIELDS: the first record of each key" {
	try -a uniq 1 <<<$'a 1\nb 2\na 3'
	gives 'a 1\nb 2\n'
	try -a uniq 1,2 <<<$'a 1 x\na 1 y\na 2 z'
	gives 'a 1 x\na 2 z\n'
	try -a uniq 1:10 <<<$'1\n9\n10\n25'
	gives '1\n10\n25\n'
}

@test "uniq -c: how often, in front" {
	try -a uniq -c <<<$'b\na\nb'
	gives '2\tb\n1\ta\n'
	try -a uniq -c 1 <<<$'b\na\nb'
	gives '2\tb\n1\ta\n'
	try -a uniq -c then sort -r 1 <<<$'a\nb\nb'
	gives '2\tb\n1\ta\n'
}

@test "uniq -d and -u: repeated ones, single ones" {
	try -a uniq -d <<<$'b\na\nb\nc'
	gives 'b\n'
	try -a uniq -u <<<$'b\na\nb\nc'
	gives 'a\nc\n'
	try -a uniq -cd <<<$'b\na\nb\nc'
	gives '2\tb\n'
}

@test "uniq: bad words" {
	try uniq -z
	usage '^mbatch: uniq: .*-z' 'usage: mbatch uniq'
	try uniq -du
	usage '^mbatch: uniq: '
	try uniq 1 2
	usage '^mbatch: uniq: '
	try uniq by
	usage 'what to group by is missing'
	try uniq by 1 2
	usage 'one word too many'
}

@test "uniq agrees with awk and uniq" {
	agrees 'awk "!seen[\$0]++"' uniq
	agrees 'awk "!seen[\$1]++"' uniq 1
	agrees 'awk "!seen[\$1 \" \" \$3]++"' uniq 1,3
	agrees 'LC_ALL=C sort | uniq -d' uniq -d then sort
	agrees 'LC_ALL=C sort | uniq -u' uniq -u then sort
	agrees 'cut -d " " -f 3 | LC_ALL=C sort | uniq -c |
	    awk -v OFS="\t" "{ print \$1, \$2 }"' cut 3 then sort then uniq -c
}
