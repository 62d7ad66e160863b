#!/usr/bin/env bats
# table.bats - what belongs to an operator, a format, an aggregate is all there

load helper

setup() {
	begin
	operators=$("$ROOT"/test/helper/operators)
}

@test "ops.def has a sorted line for each file in ops/" {
	sed -n 's/^OP(\([a-z]*\))$/\1/p' "$ROOT/ops/ops.def" >listed
	LC_ALL=C sort -u listed | cmp - listed
	cmp listed <(echo "$operators")
}

@test "formats.def and aggs.def have a line for each of theirs" {
	sed -n 's/^FORMAT(\([a-z]*\))$/\1/p' "$ROOT/lib/format/formats.def" |
	    LC_ALL=C sort >listed
	(cd "$ROOT/lib/format" && printf '%s\n' fmt-*.c) |
	    sed 's/^fmt-//; s/\.c$//' | LC_ALL=C sort | cmp - listed
	sed -n 's/^AGG(\([a-z]*\),.*/\1/p' "$ROOT/lib/agg/aggs.def" >listed
	LC_ALL=C sort -u listed | cmp - listed
	[ "$(grep -c '^AGG' "$ROOT/lib/agg/aggs.def")" -eq "$(wc -l <listed)" ]
}

@test "each format and aggregate is an item of the manual" {
	local name missing=
	sed -nE 's/^\.It Cm (.*)/ \1 /p' "$ROOT/man/mbatch.1" >items
	while read -r name; do
		grep -qE " ${name}( |:)" items || missing+=" $name"
	done < <(sed -nE 's/^(FORMAT|AGG)\(([a-z]*)[,)].*/\2/p' \
	    "$ROOT/lib/format/formats.def" "$ROOT/lib/agg/aggs.def")
	echo "not in the manual:$missing"
	[ -z "$missing" ]
}

@test "each file in ops/ exports its operator and nothing else" {
	need nm
	local name
	for name in $operators; do
		[ -e "$MBATCH_BUILD/ops/$name.o" ] || skip 'no objects'
		nm -g --defined-only "$MBATCH_BUILD/ops/$name.o" |
		    awk 'NF == 3 { print $3 }' | grep -v '^__\|^\.' >symbols
		is "$(<symbols)" "op_$name"
	done
}

@test "mbatch -l lists each operator" {
	cmp <(mbatch -l | cut -f 1) <(echo "$operators")
}

@test "each operator has a test" {
	local name missing=
	for name in $operators; do
		[ -e "$ROOT/test/op-$name.bats" ] || missing+=" $name"
	done
	echo "without a test:$missing"
	[ -z "$missing" ]
}

# The manual's OPERATORS as plain words: "name args", a line each.
synopses() {
	sed -n '/^\.Sh OPERATORS/,/^\.Sh /p' "$ROOT/man/mbatch.1" |
	    sed -e ':more' -e '/\\$/{ N; s/\\\n *//; b more' -e '}' |
	    sed -n 's/^\.It Ic //p' |
	    sed -E 's/\bO[op] ?/[/g; s/ ?\bOc\b/]/g; s/\bFl /-/g
		s/\b(Ar|Cm|Ns|Ic|Li) //g; s/\[(([^][]|\[[^]]*\])*)$/[\1]/
		s/\\&//g; s/\\-/-/g'
}

@test "each operator has a section in the manual, with the usage of -l" {
	# Blanks apart, of which mdoc needs more.
	synopses | tr -d ' ' | LC_ALL=C sort >manual
	mbatch -l | awk -F '\t' '{ print $1 $2 }' | tr -d ' ' |
	    LC_ALL=C sort >table
	diff table manual
}

@test "each option of --help is in the manual, and the other way round" {
	mbatch --help | grep -oE '^ {2,6}(-., )?--[a-z-]+' |
	    grep -oE -- '--[a-z-]+' | sort -u >help
	sed -n '/^\.Sh OPTIONS/,/^\.Sh BATCHES/p' "$ROOT/man/mbatch.1" |
	    sed -nE 's/^\.It Fl (. , )?-([a-z-]+).*/--\2/p' | sort -u >manual
	diff help manual
	[ "$(wc -l <help)" -gt 20 ]
}
