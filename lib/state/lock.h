/* lock.h - one run at a time */
#ifndef MBATCH_LOCK_H
#define MBATCH_LOCK_H

#include <stdint.h>

/* Locks the file of that name, made if need be, until the program ends, and
   waits so long (ns) for who has it.  OK, DONE (told: it is held) or FAIL
   (told). */
int lock_take(const char *name, int64_t wait);

#endif
