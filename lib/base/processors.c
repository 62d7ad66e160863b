/* processors.c - how many processors there are */
#define _GNU_SOURCE		/* sched_getaffinity, where there is one */
#include <sched.h>
#include <unistd.h>

#include "lib/base/processors.h"

unsigned
processors(void)
{
	long n;
#ifdef CPU_COUNT
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
#endif
	n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : (unsigned)n;
}
