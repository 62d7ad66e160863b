/* hook.c - linked into the program that make cov builds: what it ran is written
 * down too where it ends by a signal or _exit(), and whatever it may not do
 *
 * What is preloaded (helper/kill.so.c and its like) calls coverage_write()
 * before it kills, and is told by its shim_over() to let what follows alone. */
#define _GNU_SOURCE		/* RTLD_DEFAULT */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { RESERVE = 64 * 1024 };

void __gcov_dump(void);
void __gcov_reset(void);
void coverage_write(void);
void __real__exit(int);
void __wrap__exit(int);
int __real_raise(int);
int __wrap_raise(int);

/* The limits of a test are not those of the files with the counts. */
static void
lift(int resource)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	if (resource == RLIMIT_NOFILE)
		all.rlim_cur = all.rlim_max = 1024;
	setrlimit(resource, &all);
}

static void *reserve;		/* memory for writing, where there is no more */
static volatile sig_atomic_t writing;

void
coverage_write(void)
{
	void (*over)(void);

	if (writing)		/* it comes from there */
		return;
	writing = 1;
	free(reserve);
	reserve = NULL;
	*(void **)&over = dlsym(RTLD_DEFAULT, "shim_over");
	if (over != NULL)
		over();
	lift(RLIMIT_NOFILE);
	lift(RLIMIT_FSIZE);
	lift(RLIMIT_AS);
	__gcov_dump();
	__gcov_reset();
	writing = 0;
}

/* In a handler the signal is blocked: it acts once that returns. */
int
__wrap_raise(int sig)
{
	coverage_write();
	return __real_raise(sig);
}

void
__wrap__exit(int status)
{
	coverage_write();
	__real__exit(status);
}

/* Of signals that the program leaves to their default. */
static void
on_death(int sig)
{
	signal(sig, SIG_DFL);
	__wrap_raise(sig);
}

__attribute__((constructor)) static void
begin(void)
{
	static const int sigs[] = {
		SIGPIPE, SIGABRT, SIGSEGV, SIGBUS, SIGVTALRM
	};
	struct sigaction old, sa = { .sa_handler = on_death };
	size_t i;

	reserve = malloc(RESERVE);
	for (i = 0; i < sizeof sigs / sizeof *sigs; i++)
		if (sigaction(sigs[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(sigs[i], &sa, NULL);
	atexit(coverage_write);
}
