/* locale.h - what the user's locale can show */
#ifndef MBATCH_LOCALE_H
#define MBATCH_LOCALE_H

#include <stdbool.h>

/* Whether its name, from the environment, says UTF-8.  The program itself
   keeps the C locale. */
bool locale_utf8(void);

#endif
