#!/usr/bin/env bats
# oracle.bats - random chains against a model of the manual

load ../helper

@test "random chains give what a model of the manual says" {
	need python3
	python3 -B "$ROOT/test/fuzz/oracle" "$MBATCH" 300 3
}
