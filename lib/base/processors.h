/* processors.h - how many processors there are */
#ifndef MBATCH_PROCESSORS_H
#define MBATCH_PROCESSORS_H

/* Those that the process may run on, at least 1. */
unsigned processors(void);

#endif
