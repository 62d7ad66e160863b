/* width.h - columns of a terminal that a character takes */
#ifndef MBATCH_WIDTH_H
#define MBATCH_WIDTH_H

#include <stdint.h>

/* 0, 1 or 2, of a code point that is no control character. */
unsigned width_of(uint32_t c);

#endif
