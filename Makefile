# mbatch - micro-batches for pipes.  GNU make; `make help` lists the targets.

VERSION = 0.1.0
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d
INSTALL ?= install
# O is where objects go; check-asan builds into a folder of its own.
O ?= build
BIN ?= mbatch
ifneq ($(words $(O) $(BIN)),2)
$(error O and BIN must have no blanks)
endif

# What was built is checked and installed, not the same with other flags: those
# that are not given now are the ones that it was built with.
FLAGS = CC CPPFLAGS CFLAGS LDFLAGS LDLIBS
ifeq ($(filter-out check install,$(or $(MAKECMDGOALS),all)),)
$(eval $(file <$(O)/flags))
ifdef BUILT_CC
$(foreach f,$(FLAGS),$(if $(filter undefined default,$(origin $f)), \
    $(eval $f = $$(BUILT_$f))))
endif
endif

, = ,
# Where nobody gives flags: hardened by what the compiler has without a word.
has = $(shell d=$$(mktemp -d) && echo 'int main(void) { return 0; }' | \
	$(CC) -Werror -O2 $(1) -include string.h -x c -o "$$d/a" - \
	>"$$d/log" 2>&1 && printf '%s' '$(1)'; rm -rf "$$d")
fortify = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(1)
ifeq ($(origin CFLAGS),undefined)
ifneq ($(filter-out clean dist deb fuzz help lint% static uninstall, \
    $(or $(MAKECMDGOALS),all)),)
CFLAGS := -O2 -g $(foreach f,-fPIE -fstack-protector-strong -fcf-protection, \
	$(call has,$f)) $(or $(call has,$(call fortify,3)), \
	$(call has,$(call fortify,2)))
ifeq ($(origin LDFLAGS),undefined)
LDFLAGS := $(foreach f,-pie -Wl$(,)-z$(,)relro -Wl$(,)-z$(,)now,$(call has,$f))
endif
endif
endif
CFLAGS ?= -O2 -g
# A hook has parameters that not every one of its kind needs.
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla \
	-Wno-unused-parameter
# After the user's flags, so that numbers are the same everywhere; files above
# 2 GiB and times beyond 2038 with pointers of 4 bytes too.
STD = -std=c11 -ffp-contract=off -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 \
	-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -pthread
# Nothing is thrown in C: the tables for it were an eighth of the program.
STD += -fno-asynchronous-unwind-tables
LIBS = -lm -pthread
CPP = $(CPPFLAGS) -I. -DVERSION='"$(VERSION)"'
FUZZ_TIME ?= 10

SRC := mbatch.c $(sort $(wildcard ops/*.c lib/*/*.c))
OBJ := $(SRC:%.c=$(O)/%.o)
LIB = $(O)/lib.a
UNIT := $(patsubst test/unit/%.c,$(O)/unit/%,$(sort $(wildcard test/unit/*.c)))
HELPER := $(patsubst test/helper/%.c,$(O)/helper/%,$(wildcard test/helper/*.c))
FUZZER := $(patsubst test/fuzz/%.c,$(O)/fuzz/%,$(sort $(wildcard test/fuzz/*.c)))
REPLAY := $(FUZZER:$(O)/fuzz/%=$(O)/replay/%)
# The program with a format more.
FORMATTED = $(O)/format/mbatch
FORMATTED_OBJ = $(O)/format/lib/format/shape.o \
	$(O)/format/test/format/fmt-ltsv.o
MICRO := $(patsubst test/%.c,$(O)/%,$(sort $(wildcard test/bench/micro-*.c)))
GEN = $(O)/bench/gen
LATENCY = $(O)/bench/latency
CHECKED := $(wildcard *.[ch] lib/*/*.[ch] lib/*/*.def ops/*.[ch] test/*/*.[ch])

all: $(BIN)	## build the program (the default)

# What most records pass.  Where room counts (SMALL) the rest is made for size:
# callgrind sees counts as before, other chains take up to 15 in a hundred more
# for it, sort of texts 25.
HOT = lib/agg/agg-number $(addprefix lib/base/,arena hash) \
	lib/format/json-outline lib/run/order

# Compiler and flags are remembered, so that CC=musl-gcc rebuilds everything;
# so are the names of the objects, so that a file taken away is noticed.
quote = '$(subst ','\'',$(strip $(1)))'
define remember
@mkdir -p $(@D)
@new=$@.$$$$; printf '%s\n' $(1) >$$new; \
    if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi
endef

$(O)/flags: force
	$(call remember,$(foreach f,$(FLAGS), \
	    $(call quote,BUILT_$f = $($f))) '# $(STD) $(VERSION) $(SMALL)')

$(O)/objects: force
	$(call remember,$(call quote,$(OBJ)))

$(BIN): $(O)/mbatch.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LIBS)

$(LIB): $(filter-out $(O)/mbatch.o,$(OBJ)) $(O)/objects
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(if $(filter $*,$(HOT)),,$(SMALL)) $(STD) -MMD -MP -c -o $@ $<

$(O)/unit/%: test/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(STD) $(LDFLAGS) -MMD -MP -MF $@.d -MT $@ \
	    -o $@ $< $(LIB) $(LDLIBS) $(LIBS)

# Many a test starts hundreds: what a sanitizer needs to begin is left out.
$(O)/helper/%: test/helper/%.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(filter-out -fsanitize=%,$(CFLAGS)) $(STD) $(LDFLAGS) -o $@ $<

# One file and one line in the list: only what has the list is compiled again.
$(O)/format/lib/format/formats.def: lib/format/formats.def Makefile
	@mkdir -p $(@D)
	{ cat lib/format/formats.def && echo 'FORMAT(ltsv)'; } >$@

$(O)/format/%.o: %.c $(O)/format/lib/format/formats.def $(O)/flags
	@mkdir -p $(@D)
	$(CC) -I$(O)/format $(CPP) $(WARN) $(CFLAGS) $(STD) -MMD -MP -c -o $@ $<

$(FORMATTED): $(FORMATTED_OBJ) $(O)/mbatch.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(LIBS)

# Empty where there are no shared objects: the tests that need it are skipped.
# Linked with what counts, it would write counts of each program it is in.
$(O)/helper/%.so: test/helper/%.so.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(filter-out --coverage,$(CFLAGS)) $(STD) -shared -fPIC -o $@ $< || : >$@

$(O)/fuzz/%: test/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPP) $(CFLAGS) $(STD) -MMD -MP -MF $@.d -MT $@ -fsanitize=fuzzer \
	    -o $@ $< $(LIB) $(LIBS)

# The same with a main() of its own, for what is kept in test/fuzz/cases.
$(O)/replay/%: test/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPP) $(CFLAGS) $(STD) $(LDFLAGS) -MMD -MP -MF $@.d -MT $@ \
	    -include test/unit/replay.h -o $@ $< $(LIB) $(LDLIBS) $(LIBS)

$(O)/bench/micro-%: test/bench/micro-%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(STD) $(LDFLAGS) -MMD -MP -MF $@.d -MT $@ \
	    -o $@ $< $(LIB) $(LDLIBS) $(LIBS)

$(GEN) $(LATENCY): $(O)/bench/%: test/bench/%.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) $(CFLAGS) $(STD) $(LDFLAGS) -o $@ $< -lm

-include $(OBJ:.o=.d) $(FORMATTED_OBJ:.o=.d) $(UNIT:=.d) $(FUZZER:=.d) $(REPLAY:=.d) $(MICRO:=.d)

# What some files of tests are about is built where they are run.
about = $(if $(or $(if $(TESTS),,all),$(findstring /$(1).bats, \
    $(wildcard $(TESTS) $(TESTS:%=%/*.bats)))),$(2))
check: all $(HELPER) $(call about,unit,$(UNIT)) $(call about,fuzz,$(REPLAY)) \
    $(call about,format-added,$(FORMATTED))	## run all tests, or those of TESTS (files)
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" test/run $(TESTS)

ASAN = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
check-asan:	## the same under the address and undefined sanitizers
	MBATCH_CHECK=asan $(MAKE) check O=build/asan BIN=build/asan/mbatch \
	    CFLAGS='$(ASAN)' LDFLAGS=

check-tsan:	## -j under the thread sanitizer
	MBATCH_CHECK=tsan $(MAKE) check O=build/tsan BIN=build/tsan/mbatch \
	    CFLAGS='-O1 -g -fsanitize=thread' LDFLAGS= TESTS=test/jobs.bats

check-faults: all $(HELPER)	## each call of many runs fails; runs with --state killed, RUNS (10000) of each chain
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" test/faults
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" \
	    STATE_RUNS=$(or $(RUNS),10000) SEED=$(SEED) \
	    BATS_FLAGS='-f random' test/run test/state.bats

# What is run counts however it ends.  Each file of tests has counts of its own;
# of all, some calls fail, too.
COV = $(abspath build/cov)
COUNTS = -O0 -g -Dalways_inline=unused --coverage -fprofile-update=atomic \
	-fprofile-exclude-files=test/.*
WRAPS = $(COV)/hook.o -Wl,--wrap=raise,--wrap=_exit \
	-Wl,--export-dynamic-symbol=coverage_write
cov:	## run all tests, or those of TESTS, and show what of the source they ran
	$(MAKE) cov-run O=$(COV) BIN=$(COV)/mbatch CC=gcc LDFLAGS= \
	    CFLAGS='$(COUNTS)' LDLIBS='$(WRAPS)'

cov-run: $(O)/hook.o
	rm -rf "$(O)/by"
	COVERAGE="$(O)/by" GCOV_PREFIX_STRIP=$(words $(subst /, ,$(O))) \
	    $(MAKE) check || :
	$(if $(TESTS),,MBATCH="$(BIN)" MBATCH_BUILD="$(O)" \
	    GCOV_PREFIX="$(O)/by/faults" \
	    GCOV_PREFIX_STRIP=$(words $(subst /, ,$(O))) \
	    test/faults -s 40 || :)
	test/coverage/report "$(O)"

mutate:	## change N (200) tokens by SEED (1), one a time: does a test notice?
	test/lint/mutate $(or $(N),200) $(or $(SEED),1)

$(O)/hook.o: test/coverage/hook.c
	@mkdir -p $(@D)
	$(CC) $(CPP) $(WARN) -O1 $(STD) -c -o $@ $<
	touch $(O)/objects	# all are linked again

VALGRIND = $(patsubst %,test/op-%.bats,count cut extract grep let sort stats top)
check-valgrind: all $(UNIT) $(HELPER)	## some operators under valgrind
	MBATCH_CHECK=valgrind MBATCH="$(abspath test/helper/valgrind)" \
	    MBATCH_BUILD="$(abspath $(O))" VALGRIND_MBATCH="$(abspath $(BIN))" \
	    test/run $(or $(TESTS),$(VALGRIND))

check-cross: all	## the modules and some chains for other machines, by qemu
	MBATCH="$(abspath $(BIN))" test/cross

check-extra: all $(HELPER)	## with databases and servers, where installed
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" test/run test/extra

fuzz:	## fuzz each module for FUZZ_TIME (10) seconds, with clang
	$(MAKE) fuzz-run O=build/fuzz BIN=build/fuzz/mbatch CC=clang LDFLAGS= \
	    CFLAGS='$(ASAN) -fsanitize=fuzzer-no-link'

fuzz-run: $(FUZZER)
	printf '%s\n' $(FUZZER) | xargs -n 1 \
	    -P "$$(getconf _NPROCESSORS_ONLN)" test/fuzz/run $(FUZZ_TIME)

bench: all $(GEN) $(LATENCY) $(O)/helper/spawns $(O)/helper/kill.so	## compare speed with other tools
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" test/bench/run
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" test/bench/into

# Built beside its own objects; the flags are the same.
bench-cores: all $(GEN)	## a table of seconds by -j, on this machine
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" \
	    test/bench/run scale

bench-compare: all $(GEN)	## compare speed with the build of REV, a commit
	rm -rf build/compare
	mkdir -p build/compare
	git archive "$(REV)" | tar -xf - -C build/compare
	$(MAKE) -C build/compare all O=build BIN=mbatch
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" \
	    BENCH_OLD="$(abspath build/compare)" test/bench/run columns

soak: all $(GEN) $(HELPER)	## SOAK_MB (10000) through each class of chain, memory flat, and many batches
	MBATCH="$(abspath $(BIN))" MBATCH_BUILD="$(abspath $(O))" \
	    SOAK_MB=$(or $(SOAK_MB),10000) SOAK_BATCHES=$(SOAK_BATCHES) \
	    SOAK_COMMANDS=$(SOAK_COMMANDS) test/soak $(SOAK)

bench-micro: $(MICRO)	## time the scanners, the formats and the regexes alone
	$(O)/bench/micro-scan
	$(O)/bench/micro-formats
	$(O)/bench/micro-regex test/data/access.log

# Each linter by itself: make lint-gcc, lint-clang and so on.
LINT = gcc clang convert analyze analyzer tidy cppcheck shell man style layers \
	messages
lint: $(LINT:%=lint-%)	## compilers' warnings as errors, linters, style

LINTWARN = -Werror -Wcast-qual -Wundef -Wformat -Wformat-security \
	-Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
lint-gcc:
	$(MAKE) all units O=build/lint-gcc BIN=build/lint-gcc/mbatch CC=gcc \
	    LDFLAGS= CFLAGS='-O2 $(LINTWARN) -Wlogical-op -Wduplicated-cond'

lint-clang:
	$(MAKE) all units O=build/lint-clang BIN=build/lint-clang/mbatch \
	    CC=clang LDFLAGS= CFLAGS='-O2 $(LINTWARN) -Wcomma -Wcast-align'

# What may lose bits; signs go both ways in sums of pointers and sizes.
lint-convert:
	@printf '%s\n' $(SRC) | xargs -n 12 gcc $(CPP) $(STD) -fsyntax-only \
	    -Werror -Wconversion -Wno-sign-conversion

lint-analyze:
	printf '%s\n' $(SRC) | xargs -n 1 -P 2 clang --analyze \
	    --analyzer-output text -Xanalyzer -analyzer-werror $(CPP) $(STD)

# What gcc's analyzer tells is explained in test/lint/analyzer.
lint-analyzer:
	FLAGS="$$FLAGS" test/lint/analyze-gcc $(SRC)

lint-tidy:
	printf '%s\n' $(SRC) | xargs -n 6 -P 2 sh -c \
	    'exec clang-tidy --quiet "$$@" -- $$FLAGS 2>/dev/null' tidy

lint-analyzer lint-tidy: export FLAGS = -I. -DVERSION="0" $(STD)

lint-cppcheck:
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -I. \
	    --enable=warning,performance,portability -j 2 \
	    --suppressions-list=test/lint/cppcheck -DVERSION='"0"' $(SRC)

lint-shell:
	shellcheck -x $(shell test/lint/scripts)

lint-man:
	mandoc -Tlint -Wwarning man/mbatch.1 man/mbatch-cookbook.7

lint-layers:
	test/lint/layers

lint-messages:
	test/lint/messages

lint-style:
	test/lint/style $(CHECKED)
	test/lint/function-length 80 $(filter %.c,$(CHECKED))

format:	## reformat the sources with clang-format
	clang-format -i $(filter %.c %.h,$(CHECKED))

units: $(UNIT) $(HELPER) $(REPLAY) $(MICRO) $(FORMATTED)

install: all	## install the program, its manual pages and completions
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" \
	    "$(DESTDIR)$(MANDIR)/man7" \
	    "$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"
	$(INSTALL) -m 755 "$(BIN)" "$(DESTDIR)$(BINDIR)/mbatch"
	$(INSTALL) -m 644 man/mbatch.1 "$(DESTDIR)$(MANDIR)/man1/mbatch.1"
	$(INSTALL) -m 644 man/mbatch-cookbook.7 \
	    "$(DESTDIR)$(MANDIR)/man7/mbatch-cookbook.7"
	$(INSTALL) -m 644 man/completion.bash "$(DESTDIR)$(BASHDIR)/mbatch"
	$(INSTALL) -m 644 man/_mbatch "$(DESTDIR)$(ZSHDIR)/_mbatch"
	$(INSTALL) -m 644 man/mbatch.fish "$(DESTDIR)$(FISHDIR)/mbatch.fish"

picture: all	## man/live.svg, what --live shows in a terminal, by tmux
	MBATCH="$(abspath $(BIN))" man/picture >$(O)/live.svg
	mv $(O)/live.svg man/live.svg

uninstall:	## remove what install put there
	rm -f "$(DESTDIR)$(BINDIR)/mbatch" \
	    "$(DESTDIR)$(MANDIR)/man1/mbatch.1" \
	    "$(DESTDIR)$(MANDIR)/man7/mbatch-cookbook.7" \
	    "$(DESTDIR)$(BASHDIR)/mbatch" "$(DESTDIR)$(ZSHDIR)/_mbatch" \
	    "$(DESTDIR)$(FISHDIR)/mbatch.fish"

MUSL = $(if $(filter default,$(origin CC)),musl-gcc,$(CC))
static:	## build/static/mbatch: one small file, no libraries, by musl-gcc or CC
	$(MAKE) size O=build/static BIN=build/static/mbatch CC="$(MUSL)" \
	    CFLAGS='-O2 -fno-pie $(addprefix -fno-align-,functions jumps loops)' \
	    LDFLAGS='-static -no-pie -s \
	    -Wl,-z,noseparate-code,-z,norelro,--gc-sections' \
	    SMALL='-DSCAN_SMALL $(or $(call has,-Oz),-Os) $(call has,-malign-data=abi)'

size: all	## what takes the room, by folder; the rest is the C library's
	@size $(OBJ) | awk 'NR > 1 { sub("^$(O)/", "", $$6); \
	    if (!sub("/[^/]*$$", "", $$6)) $$6 = "mbatch.c"; \
	    n[$$6] += $$1 + $$2 } END { for (f in n) print n[f], f }' | sort -rn
	@printf '%s %s\n' "$$(wc -c <"$(BIN)")" "$(BIN)"

# The same bytes whenever and wherever: names in order, nobody's ids, one time.
NAME = mbatch-$(VERSION)
dist:	## mbatch-VERSION.tar.gz from the last commit, always the same bytes
	@rm -rf build/dist && mkdir -p build/dist
	git -c tar.umask=0022 archive --prefix=$(NAME)/ HEAD | \
	    tar -xpf - -C build/dist
	cd build/dist && tar --sort=name --format=ustar --owner=0 --group=0 \
	    --numeric-owner --mtime=@$${SOURCE_DATE_EPOCH:-$$(git log -1 \
	    --format=%ct)} -cf - $(NAME) | gzip -9n >"$(CURDIR)/$(NAME).tar.gz"

# As Debian does it, from what dist made; DEB_BUILD_OPTIONS and DEB_FLAGS are
# those of dpkg-buildpackage.
deb: dist	## build/deb/mbatch_VERSION-1_*.deb, by dpkg-buildpackage
	@rm -rf build/deb && mkdir -p build/deb
	cp $(NAME).tar.gz build/deb/mbatch_$(VERSION).orig.tar.gz
	tar -xf $(NAME).tar.gz -C build/deb
	cp -R .ci/debian build/deb/$(NAME)/debian
	printf 'mbatch (%s-1) unstable; urgency=medium\n\n  * %s\n\n -- %s  %s\n' \
	    $(VERSION) "Release of $(VERSION)." "$$(sed -n \
	    's/^Maintainer: //p' .ci/debian/control)" "$$(date -uRd \
	    @$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)})" \
	    >build/deb/$(NAME)/debian/changelog
	cd build/deb/$(NAME) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
	    dpkg-buildpackage -us -uc $(DEB_FLAGS)

clean:	## remove what was built
	rm -rf build "$(O)" "$(BIN)" mbatch-*.tar.gz

help:	## this list
	@awk '/^[a-z-]+:.*\t## / { name = $$0; sub(/:.*/, "", name); \
	    sub(/.*\t## /, ""); printf "%-16s%s\n", name, $$0 }' Makefile

# `make -j clean all` cleans first.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

.PHONY: all bench bench-compare bench-cores bench-micro check check-asan \
	check-cross check-extra check-faults check-tsan check-valgrind clean cov \
	cov-run deb dist force format fuzz fuzz-run help install lint \
	$(LINT:%=lint-%) mutate picture size soak static uninstall units
