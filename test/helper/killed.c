/*
 * killed.c - runs with --state over a log that grows, killed at random moments
 *
 *	killed [OPTION]... mbatch [ARG]...
 *
 * In the folder it is started in, which is empty, each of the runs finds a few
 * bytes more in `log`, adds to `res` and leaves its state in `s`.  Half of them
 * get KILL at a random moment of as long as those took that ended, most others
 * kill themselves at a random call, or stop as when the power fails.  A last
 * one ends by itself.  Then `res` is what a run without --state makes of the
 * whole log.  MBATCH is the program.
 *
 *	-p SHIM		kill.so, which also syncs nothing: a run is short
 *	-n RUNS		so many (200), of which half at least must be killed
 *	-s SEED		another course of things (1); of one seed all is the
 *			same but for where KILL finds the run
 *	-h LINE		the log begins with it
 *	-l		times are late now and then
 *	-m		messages may come: each run has a line in `told`, the
 *			bytes that `res` had then, a tab and its message
 *	-g CMD		what came out, instead of `res`; by a shell
 *	-w CMD		what was to come out, instead of that run's
 *
 * Records are KEY,TIME: keys 0 to 6 in turn, times six minutes apart.  Prints
 * how many runs were killed, and how many had written by then; or what is
 * wrong, with the seed, and exits 1.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIMIT	(120 * INT64_C(1000000000))	/* a run that hangs */

static uint64_t seed = 1, chance;
static bool late, talks;
static const char *program;
static char **argv_state, **argv_plain;
static char message[4096];		/* of the last run */
static int fd_log;

/* The last unfinished line that was put together, and how much the log has. */
static char text[1 << 13];
static size_t ntext, nlogged;
static long nrecords;

static void __attribute__((format(printf, 1, 2), noreturn))
wrong(const char *format, ...)
{
	va_list ap;
	char **arg;

	printf("seed %ju:", (uintmax_t)seed);
	for (arg = argv_state; *arg != NULL; arg++)
		printf(" %s", *arg);
	printf(": ");
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

/* Below n: xorshift64*, of whose bits the upper ones are good. */
static unsigned
rnd(unsigned n)
{
	chance ^= chance >> 12;
	chance ^= chance << 25;
	chance ^= chance >> 27;
	return (unsigned)((chance * UINT64_C(2685821657736338717) >> 33) % n);
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* The log gets n bytes more, or what its last line lacks. */
static void
feed(size_t n, bool whole)
{
	size_t have;
	long id;

	if (nlogged > 0) {
		memmove(text, text + nlogged, ntext -= nlogged);
		nlogged = 0;
	}
	while (ntext < n) {
		id = ++nrecords;
		ntext += (size_t)sprintf(text + ntext, "%ld,%ld\n", id % 7,
		    (late && id % 5 == 0 ? id - 4 : id) * 360);
	}
	have = whole ? ntext : n;
	if (write(fd_log, text, have) != (ssize_t)have)
		err(125, "log");
	nlogged = have;
}

static pid_t
start(char **argv, const char *out, int told[2])
{
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int e;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "log", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1, out,
	    O_WRONLY | O_CREAT | O_APPEND, 0666);
	posix_spawn_file_actions_adddup2(&fa, told[1], 2);
	e = posix_spawn(&pid, program, &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	if (e != 0) {
		errno = e;
		err(125, "%s", program);
	}
	close(told[1]);
	return pid;
}

/* Takes what it tells, until neither it nor what it started is there any more,
   or there is that time: whether that was so. */
static bool
listen_until(int fd, int64_t end)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = strlen(message);
	int64_t left;
	ssize_t k = 1;

	while (k > 0 && (left = end - now()) > 0) {
		if (ppoll(&p, 1, &(struct timespec){ left / 1000000000,
		    left % 1000000000 }, NULL) <= 0)
			continue;
		k = read(fd, message + n, sizeof message - 1 - n);
		n += k > 0 ? (size_t)k : 0;
	}
	message[n] = '\0';
	return k > 0;
}

/* One run, which gets KILL after so many ns (at least 0): its status. */
static int
run(char **argv, const char *out, int64_t after)
{
	int64_t begin = now();
	int told[2], status;
	pid_t pid;

	if (pipe2(told, O_CLOEXEC) != 0)
		err(125, "pipe");
	*message = '\0';
	pid = start(argv, out, told);
	if (after >= 0 && listen_until(told[0], begin + after))
		kill(pid, SIGKILL);
	if (listen_until(told[0], now() + LIMIT)) {
		kill(pid, SIGKILL);
		wrong("it hangs");
	}
	if (waitpid(pid, &status, 0) != pid)
		err(125, "waitpid");
	close(told[0]);
	return status;
}

/* What there is of it. */
static struct stat
look(const char *name)
{
	struct stat st;

	if (stat(name, &st) != 0)
		memset(&st, 0, sizeof st);
	return st;
}

static void
note(FILE *told, off_t had, long i)
{
	if (!talks && *message != '\0')
		wrong("run %ld: %s", i, message);
	if (talks)
		fprintf(told, "%jd\t%s%s", (intmax_t)had, message,
		    strchr(message, '\n') != NULL ? "" : "\n");
}

/* Killed by time, or at a call, or not; how long a run is, and how many calls
   it makes, is learnt from those that end.  True: it was killed. */
static bool
run_once(long i)
{
	static int64_t length = 2000000;
	static unsigned calls = 24;
	int64_t begin = now(), after = -1;
	char kill_at[32] = "";
	unsigned n = 0;
	int status;

	if (rnd(2) == 0)
		snprintf(kill_at, sizeof kill_at, "%u%s", n = 1 + rnd(calls),
		    rnd(2) == 0 ? "d" : "");
	else if (rnd(8) > 0)
		after = (int64_t)rnd(1 << 16) * length >> 16;
	setenv("KILL", kill_at, 1);
	status = run(argv_state, "res", after);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
		if (n + n / 4 > calls)
			calls = n + n / 4;
		return true;
	}
	if (status != 0)
		wrong("run %ld: status %#x: %s", i, (unsigned)status, message);
	if (n > 0)
		calls = n;
	else
		length += (now() - begin - length) / 4;
	return false;
}

/* How many were killed. */
static long
run_all(long runs)
{
	long i, killed = 0, wrote = 0;
	FILE *told = fopen("told", "w");
	struct stat res, s;

	if (told == NULL)
		err(125, "told");
	for (i = 1; i <= runs; i++) {
		feed(rnd(16) == 0 ? rnd(1000) : rnd(64), false);
		res = look("res");
		s = look("s");
		if (run_once(i)) {
			killed++;
			wrote += look("res").st_size != res.st_size ||
			    look("s").st_ino != s.st_ino;
		}
		note(told, res.st_size, i);
	}
	feed(0, true);
	setenv("KILL", "", 1);
	res = look("res");
	if (run(argv_state, "res", -1) != 0)
		wrong("the last run: %s", message);
	note(told, res.st_size, i);
	fclose(told);
	printf("%ld of %ld runs killed, %ld when they had written\n", killed,
	    runs, wrote);
	return killed;
}

static FILE *
result(const char *command, const char *file)
{
	FILE *f = command != NULL ? popen(command, "r") : fopen(file, "r");

	if (f == NULL)
		err(125, "%s", command != NULL ? command : file);
	return f;
}

static void
compare(const char *got, const char *want)
{
	static char a[1 << 16], b[1 << 16];
	FILE *g, *w;
	long line = 0;
	char *p, *q;

	if (want == NULL && run(argv_plain, "want", -1) != 0)
		wrong("without --state: %s", message);
	g = result(got, "res");
	w = result(want, "want");
	do {
		line++;
		p = fgets(a, sizeof a, g);
		q = fgets(b, sizeof b, w);
		if ((p == NULL) != (q == NULL) ||
		    (p != NULL && strcmp(a, b) != 0))
			wrong("line %ld is\n%s, not\n%s", line,
			    p == NULL ? "none" : a, q == NULL ? "none" : b);
	} while (p != NULL);
	if (line < 2)
		wrong("nothing came out");
}

int
main(int argc, char **argv)
{
	static char option[] = "--state", file[] = "s";
	const char *got = NULL, *want = NULL, *shim = NULL;
	long runs = 200, killed;
	int c;

	while ((c = getopt(argc, argv, "+n:s:p:h:lmg:w:")) != -1)
		switch (c) {
		case 'n': runs = strtol(optarg, NULL, 10); break;
		case 's': seed = strtoull(optarg, NULL, 10); break;
		case 'p': shim = optarg; break;
		case 'h':
			ntext = (size_t)snprintf(text, sizeof text, "%s\n",
			    optarg);
			break;
		case 'l': late = true; break;
		case 'm': talks = true; break;
		case 'g': got = optarg; break;
		case 'w': want = optarg; break;
		default: return 125;
		}
	program = getenv("MBATCH");
	argc -= optind;
	argv += optind;
	if (argc < 1 || program == NULL)
		errx(125, "usage: killed [OPTION]... mbatch [ARG]...");
	argv_plain = argv;
	argv_state = calloc((size_t)argc + 3, sizeof *argv_state);
	fd_log = open("log", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (argv_state == NULL || fd_log == -1)
		err(125, "log");
	argv_state[0] = argv[0];
	argv_state[1] = option;
	argv_state[2] = file;
	memcpy(argv_state + 3, argv + 1, (size_t)argc * sizeof *argv);
	chance = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	if (shim != NULL)
		setenv("LD_PRELOAD", shim, 1);
	killed = run_all(runs);
	unsetenv("LD_PRELOAD");
	unsetenv("KILL");
	compare(got, want);
	if (killed * 2 < runs)
		wrong("too few runs were killed");
	return 0;
}
