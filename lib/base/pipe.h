/* pipe.h - pipes that hold more */
#ifndef MBATCH_PIPE_H
#define MBATCH_PIPE_H

#include <stddef.h>

/*
 * Lets a pipe hold at least n bytes, so that both its ends wait for each other
 * less often; at most 1 MiB.  Nothing is done where the system does not allow
 * it (a user's pipes share a limit) and to what is no pipe.
 */
void pipe_widen(int fd, size_t n);

#endif
