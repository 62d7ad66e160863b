/* replay.h - a fuzzer as a program that is given each of the files named */
#include <err.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
main(int argc, char **argv)
{
	static uint8_t bytes[1 << 20];
	size_t n;
	FILE *f;
	int i;

	for (i = 1; i < argc; i++) {
		f = fopen(argv[i], "r");
		if (f == NULL)
			err(1, "%s", argv[i]);
		n = fread(bytes, 1, sizeof bytes, f);
		fclose(f);
		(void)LLVMFuzzerTestOneInput(bytes, n);
	}
	return 0;
}
