#!/usr/bin/env bats
# per.bats - batches by key, against a plain program that makes them

load ../helper

@test "-p: random records are in the batches, and of the values, that they are" {
	need python3
	python3 -B "$ROOT/test/extra/per.py" "$MBATCH" 2000
}
