"""Rounds of a test of random input, for MBATCH RUNS of the command line."""
import random
import sys


def rounds(once):
    """once(MBATCH), RUNS times, by seeds; that of a round that fails is told."""
    seed = random.randrange(1 << 32)
    for i in range(int(sys.argv[2])):
        random.seed(seed + i)
        try:
            once(sys.argv[1])
        except SystemExit:
            sys.stderr.write('seed %d\n' % (seed + i))
            raise
