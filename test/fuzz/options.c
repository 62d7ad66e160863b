/* options.c - any words are read as a command line, or refused; a chain that is
   bound works on records */
#include <stdio.h>

#include "test/unit/rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Words that are names of files mean some in here. */
static void
begin(void)
{
	char folder[] = "fuzz.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) != 0 ||
	    freopen("/dev/null", "w", stdout) == NULL || !scan_init())
		abort();
	diag_mute(true);
}

/* Bytes: the words, a newline between two; no slashes, and no commands. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool begun;
	struct slice none = { NULL, 0 };
	struct rig r = { 0 };
	char *argv[32] = { (char *)"mbatch" }, *text, *w;
	int argc = 1;

	if (!begun)
		begin();
	begun = true;
	text = arena_bytes(&r.arena, n + 1);
	memcpy(text, p, n);
	text[n] = '\0';
	for (w = text; (w = strchr(w, '/')) != NULL; w++)
		*w = '_';
	for (w = strtok(text, "\n"); w != NULL && argc < 31;
	    w = strtok(NULL, "\n"))
		argv[argc++] = w;
	rig_words();
	if (command_read(&r.cmd, argc, argv, &r.arena, &r.diag) ==
	    COMMAND_RUN && r.cmd.state.file == NULL) {
		r.cmd.opt.regular = r.cmd.lim.regular = true;
		if (chain_parse(&r.chain, r.cmd.chain, &r.cmd.opt) == OK) {
			shape_init(&r.shape, r.cmd.opt.input, r.cmd.opt.sep,
			    r.cmd.opt.seplen);
			r.chain.out = &r.out;
			(void)chain_bind(&r.chain, &r.shape, none);
		}
		chain_free(&r.chain);
	}
	(void)bad_close(&r.cmd.bad);
	buf_free(&r.cmd.said);
	buf_free(&r.cmd.outside);
	claims_free(&r.cmd.claims);
	runs_free(&r.cmd.runs);
	turn_free(&r.diag.turn);
	arena_free(&r.arena);
	return 0;
}
