#!/usr/bin/env bats
# columns.bats - pivot and fill, against plain models of both

load ../helper

@test "pivot, fill: random JSON, in batches of any size" {
	need python3
	python3 -B "$ROOT/test/extra/columns.py" "$MBATCH" 1000
}
