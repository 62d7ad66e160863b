# mbatch - micro-batches for pipes.  GNU make; `make help` lists the targets.

VERSION = 0.1.0
PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla
# After the user's flags, so that numbers are the same everywhere.
STD = -std=c11 -ffp-contract=off -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700
# O is where objects go; check-asan builds into a folder of its own.
O ?= build
BIN ?= mbatch

SRC := mbatch.c $(sort $(wildcard ops/*.c lib/*/*.c))
OBJ := $(SRC:%.c=$(O)/%.o)
LIBOBJ := $(filter-out $(O)/mbatch.o,$(OBJ))
UNIT := $(patsubst test/unit/%.c,$(O)/unit/%,$(sort $(wildcard test/unit/*.c)))
CPP = $(CPPFLAGS) -I. -DVERSION='"$(VERSION)"'

all: $(BIN)

# Compiler and flags are remembered, so that CC=musl-gcc rebuilds everything.
FLAGS = $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS)
$(O)/flags: force
	@mkdir -p $(O)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

$(BIN): $(OBJ)
	$(CC) $(LDFLAGS) -o $@ $(OBJ) $(LDLIBS) -lm

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(STD) -MMD -MP -c -o $@ $<

$(O)/unit/%: test/unit/%.c $(LIBOBJ)
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(STD) $(LDFLAGS) -o $@ $< $(LIBOBJ) $(LDLIBS) -lm

-include $(OBJ:.o=.d)

# What the whole library needs is not there while it grows: units may be
# linked against their own modules with `make unit-NAME MODULES=...`.
units: $(UNIT)

.PHONY: all units force
