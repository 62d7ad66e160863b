/* merge.c - lines of --partial, changed anywhere: --merge refuses them, or
   works */
int program(int, char **);
#define main program
#include "mbatch.c"
#undef main

#include "lib/agg/sketch-text.h"
#include "test/fuzz/edit.h"
#include "test/unit/rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Options of both, and the chain. */
static const char *const words[] = {
	"-a count by 1", "-a stats sum:2,p50:2,mode:1,list:2 by 1,2",
	"-T 1 -w 1m count by 1", "-n 3 --max-groups 2 hist -l 2",
	"-a --approx stats distinct:1,p50:2,argmax:1@2 by 1",
	"-a top 2 by 1", "-T 1 -w 1m --late all rate by 1",
	"-a template", "-a stats count then let x=$1+1",
};
enum { KINDS = sizeof words / sizeof *words };

static int in, out;

/* A run of the program from one file to the other. */
static int
run_words(const char *before, const char *rest)
{
	static struct run r;
	struct arena a = { 0 };
	char *argv[32] = { (char *)"mbatch", (char *)"-j1" };
	char *w = arena_printf(&a, "%s %s", before, rest);
	int argc = 2, status;
	bool again;

	for (w = strtok(w, " "); w != NULL; w = strtok(NULL, " "))
		argv[argc++] = w;
	if (lseek(in, 0, SEEK_SET) != 0 || lseek(out, 0, SEEK_SET) != 0 ||
	    ftruncate(out, 0) != 0 || dup2(in, 0) != 0 || dup2(out, 1) != 1)
		abort();
	rig_words();
	memset(&r, 0, sizeof r);
	status = one_run(&r, argc, argv, &again);
	buf_free(&r.cmd.said);	/* words that were refused leave it */
	turn_free(&r.diag.turn);
	arena_free(&r.arena);
	arena_free(&a);
	return status;
}

static void
give(const char *p, size_t n)
{
	if (ftruncate(in, 0) != 0 || pwrite(in, p, n, 0) != (ssize_t)n)
		abort();
}

static int
new_file(void)
{
	char name[] = "fuzz.XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) != 0)
		abort();
	return fd;
}

/* What two runs write, some of it in pieces. */
static const struct buf *
states(unsigned kind)
{
	static const char *const run[] = { "--partial --run x --range 1/2",
	    "--partial --run y --range 2/2" };
	static struct buf text[KINDS];
	struct buf *b = &text[kind];
	char record[1200];
	unsigned i;

	if (b->n > 0)
		return b;
	for (i = 0; i < 8; i++) {
		snprintf(record, sizeof record, "%u%.*s %u.5\n", 1000 + 40 * i,
		    i % 4 == 3 ? 600 : 0, "", i);
		buf_str(b, record);
	}
	snprintf(record, sizeof record, "%0600d 1\n", 7);
	buf_str(b, record);
	give(b->p, b->n);
	b->n = 0;
	for (i = 0; i < 2; i++) {
		if (run_words(run[i], words[kind]) != EXIT_OK)
			abort();
		b->n += (size_t)pread(out, buf_room(b, 1 << 16), 1 << 16, 0);
	}
	return b;
}

/* Lines whose checksums are right. */
static void
close_lines(struct buf *to, struct slice s)
{
	enum { CHECK = 6 };
	const char *end;
	size_t n, from;

	for (; s.n > 0; s.p += n, s.n -= n) {
		end = memchr(s.p, '\n', s.n);
		n = end == NULL ? s.n : (size_t)(end - s.p) + 1;
		from = to->n;
		buf_add(to, s.p, n);
		if (end != NULL && n > CHECK + 1) {
			to->n -= CHECK + 1;
			text_close(to, from);
			buf_char(to, '\n');
		}
	}
}

/* Bytes: the chain, whether checksums are mended, how it is merged, then what
   is changed. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct buf b, closed;
	static const char *const how[] = { "--merge", "--merge --runs 2",
	    "--merge -k 1 --sorted", "--merge --partial --run z" };
	unsigned kind;
	int status;

	if (n < 3)
		return 0;
	if (out == 0) {
		in = new_file();
		out = new_file();
		diag_mute(true);
		if (!scan_init())
			abort();
	}
	kind = *p % KINDS;
	b.n = closed.n = 0;
	buf_slice(&b, (struct slice){ states(kind)->p, states(kind)->n });
	edit(&b, p + 3, n - 3);
	close_lines(&closed, (struct slice){ b.p, b.n });
	give(p[1] % 2 == 0 ? closed.p : b.p, p[1] % 2 == 0 ? closed.n : b.n);
	status = run_words(how[p[2] % 4], words[kind]);
	if (n < 7 && p[2] % 4 != 2 && status != EXIT_OK)
		abort();
	return 0;
}
