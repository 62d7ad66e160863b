#!/usr/bin/env bats
# csv.bats - quoted newlines, against Python's csv module where there is one

load ../helper

@test "csv: random tables are read as Python reads them" {
	need python3
	python3 "$ROOT/test/extra/tables.py" "$MBATCH" "$H/plumb" 2000
}
