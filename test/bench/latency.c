/*
 * latency.c - how much older a batch is than -t as its result comes
 *
 *	latency MS N BUSY CMD...	CMD has -t of MS milliseconds
 *
 * N times one record is given to CMD when its last result has come; BUSY
 * processes do nothing but run meanwhile.  Prints median and 99th percentile,
 * in milliseconds.
 */
#include <sys/wait.h>

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static pid_t
start(char **argv, int in[2], int out[2])
{
	pid_t pid;

	if (pipe(in) != 0 || pipe(out) != 0 || (pid = fork()) == -1)
		err(1, "pipe or fork");
	if (pid > 0)
		return pid;
	dup2(in[0], STDIN_FILENO);
	dup2(out[1], STDOUT_FILENO);
	close(in[1]);
	close(out[0]);
	execvp(*argv, argv);
	err(127, "%s", *argv);
}

int
main(int argc, char **argv)
{
	int in[2], out[2], i, n, busy;
	pid_t *spin;
	double ms, *age;
	char line[64];

	if (argc < 5)
		errx(2, "usage: latency MS N BUSY CMD...");
	ms = atof(argv[1]);
	n = atoi(argv[2]);
	busy = atoi(argv[3]);
	age = calloc((size_t)n + 1, sizeof *age);
	spin = calloc((size_t)busy + 1, sizeof *spin);
	if (age == NULL || spin == NULL)
		err(1, NULL);
	(void)start(argv + 4, in, out);
	for (i = 0; i < busy; i++)
		if ((spin[i] = fork()) == 0)
			for (;;)
				(void)getppid();
	for (i = 0; i < n; i++) {
		age[i] = now();
		if (write(in[1], "x\n", 2) != 2 ||
		    read(out[0], line, sizeof line) <= 0)
			break;
		age[i] = now() - age[i] - ms;
	}
	for (busy--; busy >= 0; busy--)
		kill(spin[busy], SIGKILL);
	if (i < n)
		errx(1, "%s ended", argv[4]);
	qsort(age, (size_t)n, sizeof *age, by_size);
	printf("%.2f %.2f\n", age[n / 2], age[n * 99 / 100]);
	return 0;
}
