/* scan-variant.h - the ways to scan, one for each kind of processor */
#ifndef MBATCH_SCAN_VARIANT_H
#define MBATCH_SCAN_VARIANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

struct scan_class;
struct scan_clf;
struct scan_clue;
struct scan_column;
struct scan_json;
struct scan_odds;
struct scan_reach;
struct scan_track;

/* The functions of scan.h.  Those not built for this machine have no symbol. */
struct scan_variant {
	const char *name;
	size_t (*records)(const char *, size_t, char, struct slice *, size_t,
	    size_t *);
	size_t (*ends)(const char *, size_t, char, uint32_t *, size_t);
	size_t (*blanks)(struct slice, struct slice *, size_t, bool);
	size_t (*sep)(struct slice, const char *, size_t, struct slice *,
	    size_t);
	size_t (*find3)(const char *, size_t, char, char, char);
	size_t (*closed)(const struct slice *, size_t, char);
	size_t (*class)(struct slice, size_t, const char *,
	    const struct scan_class *);
	size_t (*runs)(struct slice, const char *, const struct scan_class *,
	    size_t *, struct slice *, size_t);
	size_t (*steps)(const struct scan_track *, size_t, struct slice,
	    const char *);
	size_t (*clues)(const char *, size_t, size_t, const struct scan_clue *,
	    size_t, uint64_t *);
	size_t (*places)(const char *, size_t *, size_t,
	    const struct scan_clue *, size_t, uint32_t *, size_t);
	void (*odd)(const struct slice *, size_t, const struct scan_reach *,
	    const struct scan_odds *, unsigned char *);
	void (*blank_columns)(const struct slice *, size_t,
	    const struct scan_column *, size_t);
	void (*line_columns)(const struct slice *, size_t,
	    const struct scan_column *, size_t);
	void (*sep_columns)(const struct slice *, size_t, char,
	    const struct scan_column *, size_t);
	void (*csv_columns)(const struct slice *, size_t, char,
	    const struct scan_column *, size_t);
	void (*clf)(const struct slice *, size_t, size_t, struct scan_clf *);
	size_t (*json)(struct slice, const char *, uint32_t *,
	    struct scan_json *);
	void (*stops)(const char *, size_t, const char *, char *);
	size_t (*pairs)(struct slice, const char *, uint32_t *);
};

extern const struct scan_variant scan_swar;
#ifdef __SSE2__
extern const struct scan_variant scan_sse2;
#endif
#ifdef __x86_64__
extern const struct scan_variant scan_avx2;
#endif
#if defined(__aarch64__) && !defined(__AARCH64EB__)
extern const struct scan_variant scan_neon;
#endif

#endif
