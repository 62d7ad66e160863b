#!/usr/bin/env bats
# terminators.bats - no value ends a record: as many terminators as records

load helper

# Two records, the second one's value with what ends a record or a field.
make_input() {
	case $1 in
	json) printf '{"p":"ok","q":1}%s{"p":"a\\u0000b\\nc\\td\\r","q":2}%s' \
	    E E ;;
	logfmt) printf 'p=ok q=1%sp="a\\u0000b\\nc\\td\\r" q=2%s' E E ;;
	auto) printf '{"p":"ok","q":1}%sp="a\\u0000b\\nc\\td\\r" q=2%s' E E ;;
	tsv) printf 'p\tq%sok\t1%sa\\0b\\nc\\td\\r\t2%s' E E E ;;
	csv) printf 'p,q%sok,1%s"a\tb",2%s' E E E ;;
	esac | tr E "$2"
}

# ends EXPECTED CMD...: so many records come, but for those that are told.
ends() {
	local want=$1 got=() bad=0
	shift
	"$@" <in >out 2>err || { echo "$*: $(<err)"; return 1; }
	if [ -s err ]; then
		bad=$(sed -n 's/^mbatch: \([0-9]*\) records could not.*/\1/p' err)
		if ! grep -q "can't hold" err || [ "$(wc -l <err)" -gt 2 ]; then
			echo "$*: $(<err)"
			return 1
		fi
	fi
	mapfile -d "$end" got <out
	[ ${#got[@]} -eq $((want - ${bad:-1})) ] ||
	    { echo "$*: ${#got[@]}, not $want - $bad"; cat -A out; return 1; }
}

# The chains, each with how many records come out of two.
chains() {
	cat <<-'EOF'
	2 where q>0
	2 cut p
	2 cut q,p
	2 cut X=p
	2 let x=p
	2 let p=if(q=2,"a\nb\x00c\td","ok")
	2 let y=if(q=2,"\x00","\n") then let z=y
	2 stamp batch
	2 where q>0 then stamp batch
	2 extract -f p ([^z]+) x
	2 replace -f p a b
	2 sort p
	2 sort p then head 2
	2 reverse
	2 dedup p
	2 uniq p
	2 uniq -c p
	2 count by p
	2 count by p then where count>0
	2 count by p then let x=p
	2 count by p then top 2 count
	2 count by p,q
	2 count by p then count by p
	2 top 2 q
	2 top 2 by p
	2 top 2 by p,q
	2 stats sum:q by p
	2 stats first:p,last:p,mode:p by q
	1 stats last:p,mode:p
	2 rate by p
	2 let d=q then step delta d then cut p
	2 count by p over 2
	2 split p z
	EOF
}

check_all() {
	local in out n line args header to i inputs=0
	local other=(text csv tsv json logfmt)
	for in in json logfmt auto tsv csv; do
		make_input "$in" "$1" >in
		i=$((inputs++))		# each chain to each format
		while read -r n line; do
			read -ra args <<<"$line"
			for out in '' "${other[i++ % 5]}"; do
				header=0 to=${out:-$in}
				[ -n "$out" ] || ! is_made "$line" || to=made
				[ "$1$to" != '\ncsv' ] || continue
				case $to in
				csv|tsv) header=1 ;;
				esac
				ends $((n + header)) "$MBATCH" "${null[@]}" \
				    -a -i "$in" ${out:+-o "$out"} "${args[@]}"
			done
		done < <(chains)
	done
}

# Without -o that is tsv, and has no header line.
is_made() {
	[[ $1 =~ ^(count|top 2 by|stats|rate) ]]
}

@test "-0: a NUL in a value ends no record, in any format" {
	local end='' null=(-0)
	check_all '\0'
}

@test "a newline in a value ends no record, in any format but csv" {
	local end=$'\n' null=()
	check_all '\n'
}
