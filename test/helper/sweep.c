/*
 * sweep.c - ends every process that works in a folder
 *
 *	sweep DIR	those whose working folder is DIR or lies in it, but for
 *			this one and those that it comes from
 *
 * Returns when there are none.  A test's processes are found by that wherever
 * they went: other process groups, sessions, parents that are gone.  Without
 * /proc none are found.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Its parent and its state, as in /proc/PID/stat; 0 if there is no such. */
static pid_t
process_parent(pid_t pid, char *state)
{
	char path[64], line[512], *p;
	size_t n;
	FILE *f;
	int parent;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	n = fread(line, 1, sizeof line - 1, f);
	fclose(f);
	line[n] = '\0';
	p = strrchr(line, ')');
	if (p == NULL || sscanf(p + 1, " %c %d", state, &parent) != 2)
		return 0;
	return parent;
}

static bool
is_ours(pid_t pid)
{
	char state;
	pid_t p;

	for (p = getpid(); p > 0; p = process_parent(p, &state))
		if (p == pid)
			return true;
	return false;
}

static bool
works_in(pid_t pid, const char *dir)
{
	char path[64], at[PATH_MAX + 1], state = 'Z';
	size_t len = strlen(dir);
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/cwd", (int)pid);
	n = readlink(path, at, sizeof at - 1);
	if (n == -1)
		return false;
	at[n] = '\0';
	if (strncmp(at, dir, len) != 0 ||
	    (at[len] != '\0' && at[len] != '/' && at[len] != ' '))
		return false;
	process_parent(pid, &state);
	return state != 'Z' && state != 'X';
}

/* Whether there was any. */
static bool
end_all(const char *dir)
{
	struct dirent *e;
	DIR *proc = opendir("/proc");
	bool any = false;
	pid_t pid;

	while (proc != NULL && (e = readdir(proc)) != NULL) {
		pid = (pid_t)strtol(e->d_name, NULL, 10);
		if (pid > 1 && works_in(pid, dir) && !is_ours(pid) &&
		    kill(pid, SIGKILL) == 0)
			any = true;
	}
	if (proc != NULL)
		closedir(proc);
	return any;
}

int
main(int argc, char **argv)
{
	struct timespec nap = { .tv_nsec = 1000000 };
	char dir[PATH_MAX];

	if (argc != 2)
		errx(125, "usage: sweep DIR");
	if (realpath(argv[1], dir) == NULL)
		err(125, "%s", argv[1]);
	while (end_all(dir))
		nanosleep(&nap, NULL);
	return 0;
}
