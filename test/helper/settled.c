/*
 * settled.c - waits until a process has taken all that a pipe holds and sleeps
 *
 *	settled PID <&FD	FD: either end of its stdin's pipe
 *
 * Exits 0 then, 1 if the process ended, 2 after LIMIT (120) seconds.  So that
 * tests follow events rather than guess how long things take.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Its state as in /proc/PID/stat: R, S, D, Z...; 0 if there is no such. */
static char
process_state(const char *pid)
{
	char path[64], line[512], *p;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	n = fread(line, 1, sizeof line - 1, f);
	fclose(f);
	line[n] = '\0';
	p = strrchr(line, ')');
	return p != NULL && p[1] == ' ' ? p[2] : 0;
}

int
main(int argc, char **argv)
{
	struct timespec nap = { .tv_nsec = 2000000 };
	const char *limit = getenv("LIMIT");
	long i, turns = 500 * (limit != NULL ? atol(limit) : 120);
	int held, quiet = 0;
	char state;

	if (argc != 2)
		errx(125, "usage: settled PID <&FD");
	for (i = 0; i < turns; i++) {
		if (ioctl(STDIN_FILENO, FIONREAD, &held) == -1)
			err(125, "FIONREAD");
		state = process_state(argv[1]);
		if (state == 0 || state == 'Z')
			return 1;
		quiet = held == 0 && state == 'S' ? quiet + 1 : 0;
		if (quiet == 3)
			return 0;
		nanosleep(&nap, NULL);
	}
	return 2;
}
