#!/usr/bin/env bats
# machines.bats - the manual's recipes for many machines, with what starts them
#
# sshd and Slurm are run here, with ports, keys and folders of their own, by
# whoever runs this.  What is not installed is skipped, saying so.

load ../helper
PATH=$PATH:/usr/sbin:/sbin

setup() {
	begin
	mkdir bin
	ln -s "$MBATCH" bin/mbatch
	PATH=$PWD/bin:$PATH
	started=()
	random_records 4000 5 >log
	mbatch -a "${chain[@]}" <log | sort >want
}

chain=(stats 'count,p99:2,distinct:3' by 1)

teardown() {
	local i
	for ((i = ${#started[@]} - 1; i >= 0; i--)); do
		kill "${started[i]}" 2>/dev/null || :
		wait "${started[i]}" 2>/dev/null || :
	done
	[ -z "${made-}" ] || rmdir "$made" 2>/dev/null || :
	"$H/sweep" "$BATS_TEST_TMPDIR"
}

# start CMD...: it runs until the test ends.
start() {
	"$@" 3>&- &
	started+=($!)
}

# A port that nobody listens at.
port() {
	local p
	for ((;;)); do
		p=$((20000 + RANDOM % 12000))
		(: <>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || break
	done
	echo $p
}

# merged OPTION...: the states on standard input give what one run does.
merged() {
	"$MBATCH" "$@" --merge "${chain[@]}" | sort | cmp - want
}

# refused PATTERN [OPTION...]: those of the file states have no result.
refused() {
	try "${@:2}" --merge "${chain[@]}" <states
	fails 1 "$1"
	is "$out" ''
}

@test "GNU parallel: --pipepart of csv, with a header" {
	need_gnu_parallel
	local chain=(where 'ms*2 > 500' then stats 'count,p99:ms' by path)
	awk 'BEGIN { print "ms,x,path" } { print $2 "," $1 "," $3 }' log >log.csv
	mbatch -a -i csv "${chain[@]}" <log.csv | sort >want
	parallel --will-cite -q --pipepart -a log.csv --header : --block -4 \
	    mbatch -i csv --partial "${chain[@]}" | merged
	# without -q the words go to a shell, for which > writes a file
	parallel --will-cite --pipepart -a log.csv --header : --block -4 \
	    mbatch -i csv --partial "${chain[@]}" >states 2>err || :
	[ -e 500 ]
	refused 'nothing came|different chains'
	# a job that is killed: --range says what is missing
	printf '%s\n' '#!/bin/sh' '[ $2 != 3/4 ] || kill -9 $$' \
	    'exec mbatch "$@"' >bin/killed
	chmod +x bin/killed
	parts() {
		seq 4 | parallel --will-cite -q sh -c \
		    'f=$1 k=$2; shift 2; exec $f --range $k/4 "$@" <log.csv' \
		    sh "$1" {} -i csv --partial "${chain[@]}"
	}
	parts mbatch | merged
	! parts killed >states || false
	refused 'part 3 of 4 of .log.csv. is missing'
}

# hosts NAME...: an sshd for each, with a folder of that name, and `config` for
# ssh.
hosts() {
	local h p
	need ssh ssh-keygen
	sshd=$(command -v sshd) || skip 'no sshd'
	if [ "$(id -u)" -eq 0 ] && [ ! -d /run/sshd ]; then
		made=/run/sshd
		mkdir -m 755 "$made" || skip 'no /run/sshd'
	fi
	ssh-keygen -q -t ed25519 -N '' -f key
	for h; do
		mkdir -p "$h"
		p=$(port)
		cat >"$h.conf" <<-END
			ListenAddress 127.0.0.1
			Port $p
			HostKey $PWD/key
			PidFile none
			AuthorizedKeysFile $PWD/key.pub
			StrictModes no
			UsePAM no
			SetEnv PATH=$PATH
			ForceCommand cd $PWD/$h && eval "\$SSH_ORIGINAL_COMMAND"
		END
		printf 'Host %s\nPort %s\n' "$h" "$p" >>config
		start "$sshd" -D -e -f "$PWD/$h.conf" 2>"$h.err"
	done
	cat >>config <<-END
		Host *
		HostName 127.0.0.1
		User $(id -un)
		IdentityFile $PWD/key
		IdentitiesOnly yes
		BatchMode yes
		UserKnownHostsFile $PWD/known
		StrictHostKeyChecking accept-new
		LogLevel ERROR
	END
	for h; do
		LIMIT=20 until_true ssh -F config "$h" true ||
		    skip "sshd: $(tail -n 1 "$h.err")"
	done
}

# lose N: the sshd started as the N-th, from 0 on, is no more.
lose() {
	kill "${started[$1]}"
	wait "${started[$1]}" || :
}

@test "ssh: logs on their hosts; what to quote; a host that is lost" {
	local h chain=(where 'bytes*2 > 5000' then count by host)
	hosts a b
	for h in a b; do
		printf 'bytes=%d host=%s\n' 6000 $h 40 $h 9000 x >$h/log
	done
	printf 'a\t1\nb\t1\nx\t2\n' >want
	each() {
		ssh -n -F config a "$@" &
		ssh -n -F config b "$@" || :
		wait $! || :
	}
	each "mbatch --run \$PWD --partial where 'bytes*2 > 5000' then \
	    count by host <log" >states
	merged --runs 2 <states
	# words are joined, and a shell on the host reads them
	each mbatch --partial where 'bytes*2 > 5000' then count by host '<log' \
	    >states 2>told
	[ -e a/5000 ]
	refused 'runs 2: 0 came' --runs 2
	each "mbatch --partial where 'bytes*2 > 5000' then count by host <nolog" \
	    >states 2>told
	is "$(grep -c nolog told)" 2
	lose 1
	each "mbatch --run \$PWD --partial where 'bytes*2 > 5000' then \
	    count by host <log" >states 2>told
	grep -q '^ssh: connect' told
	refused 'runs 2: 1 came: .*/a.$' --runs 2
	# who gives it up
	try --bad skip --runs 2 --merge "${chain[@]}" <states
	fails 0 'runs 2: 1 came'
	is "$out" 'a\t1\nx\t1\n'
}

@test "GNU parallel: --sshlogin; a host that is lost, its jobs tried again" {
	local h
	need_gnu_parallel
	hosts a b
	export PARALLEL_SSH="ssh -F $PWD/config"
	command split -n l/2 log part.
	mv part.aa a/log
	mv part.ab b/log
	on_all() {
		parallel --will-cite --nonall -S 2/a,2/b \
		    "mbatch --run \$PARALLEL_SSHHOST --partial \
		    ${chain[*]} <log"
	}
	on_all | merged --runs 2
	# one file that all hosts have
	parts() {
		seq 4 | parallel --will-cite "$@" -S 2/a,2/b \
		    "mbatch --range {}/4 --partial ${chain[*]} <$PWD/log"
	}
	lose 1
	! on_all >states 2>told || false
	refused 'runs 2: 1 came: .a.$' --runs 2
	! parts >states 2>told || false
	refused 'part [1-4] of 4 of .log. is missing'
	parts --retries 9 2>told | merged
}

# A Slurm of this host alone.
slurm() {
	local h what p1 p2
	need munged slurmctld slurmd sinfo srun sbatch scancel scontrol squeue
	h=$(uname -n)
	h=${h%%.*}
	p1=$(port)
	p2=$(port)
	mkdir state spool
	head -c 64 /dev/urandom >munge.key
	chmod 600 munge.key
	start munged --force --foreground --socket="$PWD/munge" \
	    --key-file="$PWD/munge.key" --log-file="$PWD/munge.log" \
	    --pid-file="$PWD/munge.pid" --seed-file="$PWD/munge.seed" \
	    >munged.err 2>&1
	LIMIT=20 until_true test -S munge ||
	    skip "munged: $(tail -n 1 munged.err)"
	cat >slurm.conf <<-END
		ClusterName=test
		SlurmctldHost=$h(127.0.0.1)
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		AuthType=auth/munge
		AuthInfo=socket=$PWD/munge,cred_expire=5
		SlurmctldPort=$p1
		SlurmdPort=$p2
		StateSaveLocation=$PWD/state
		SlurmdSpoolDir=$PWD/spool
		SlurmctldPidFile=$PWD/slurmctld.pid
		SlurmdPidFile=$PWD/slurmd.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		SchedulerType=sched/builtin
		SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		SlurmdParameters=config_overrides
		MailProg=/bin/true
		MpiDefault=none
		PlugStackConfig=/dev/null
		KillWait=1
		ReturnToService=2
		NodeName=$h NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
		PartitionName=all Nodes=ALL Default=YES State=UP
	END
	export SLURM_CONF=$PWD/slurm.conf
	for what in slurmctld slurmd; do
		start $what -D -f "$SLURM_CONF" >$what.err 2>&1
	done
	is_idle() { [ "$(sinfo -h -o %t)$(squeue -h)" = idle ]; }
	LIMIT=20 until_true is_idle ||
	    skip "slurmd: $(tail -n 1 slurmd.err)"
	LIMIT=20 until_true srun true ||
	    skip 'srun starts nothing here'
}

@test "Slurm: srun, an array of jobs; one that is requeued, one that is killed" {
	local i task="mbatch --run \$SLURM_ARRAY_TASK_ID \
	    --range \$SLURM_ARRAY_TASK_ID/4 --partial ${chain[*]} <log"
	slurm
	# several writers, one pipe
	for i in 1 2 3; do
		srun -n 4 sh -c "mbatch --range \$((SLURM_PROCID + 1))/4 \
		    --partial ${chain[*]} <log" | merged
	done
	# 2 is requeued when it has written, 3 is killed as it reads
	{
		echo '#!/bin/sh'
		echo 'case $SLURM_ARRAY_TASK_ID.$SLURM_RESTART_COUNT in'
		echo "2.) $task; touch wrote; sleep 60;;"
		echo "3.) { cat log; touch read; sleep 60; } | ${task/--range*4 /};;"
		echo "*) $task;;"
		echo esac
	} >job
	sbatch --requeue -a 1-4 -o states.%a -e err.%a job
	until_true test -e wrote
	until_true test -e read
	scontrol requeue "$(squeue -h -r -o '%i %A' | sed -n 's/^.*_2 //p')"
	scancel -f -s TERM "$(squeue -h -r -o '%i' | grep _3)"
	until_true is_idle
	cat states.[124] | mbatch --partial --merge "${chain[@]}" >three
	is "$(grep -c ' e [124] ' three)" 3
	cat states.? >states
	refused 'run .3. did not see all|part 3 of 4 of .log. is missing'
	# 3 once more
	sbatch -a 3 -o states.%a -e err.%a --wrap "$task"
	until_true is_idle
	cat states.? >states
	merged <states
	merged --runs 4 <states
	# the first try's output is kept: the run has one name
	cat states.2 >>states
	refused 'run .2. came twice'
	# messages among the states, without -e
	task=${task/mbatch/mbatch --bad skip -i json}
	sbatch -a 1 -o states --wrap "$task"
	until_true is_idle
	refused 'record 1: not a line that --partial wrote'
}

# shuffle FIELDS: as between the mappers and the N-th of three reducers: to
# shuffled.N go the keys, the first FIELDS fields, by hash, sorted by bytes.
shuffle() {
	awk -F '\t' -v fields="$1" '{
		key = $1
		for (i = 2; i <= fields; i++)
			key = key "\t" $i
		h = 0
		for (i = 1; i <= length(key); i++)
			h = (h * 31 + index(" 0123456789kw\t-:TZ",
			    substr(key, i, 1))) % 1000003
		print >("shuffled." h % 3)
	}'
	for n in 0 1 2; do
		[ -e shuffled.$n ] || : >shuffled.$n
		LC_ALL=C sort -s -t '	' -k "1,$1" shuffled.$n >sorted
		mv sorted shuffled.$n
	done
}

# mapreduce FIELDS SEED -- OPTION... CHAIN: five mappers, of each of which one
# attempt's output is taken; none, one or two combiners see some of it, or all
# of several mappers'; three reducers.
mapreduce() {
	local fields=$1 seed=$2 m n i
	shift 3
	rm -f m.* map.* shuffled.* some.*
	command split -n l/5 records m.
	for m in m.??; do
		# an attempt on a host that is lost
		head -c 9000 "$m" | mbatch --run "$m" --partial "$@" >map."$m"
		mbatch --run "$m" --partial "$@" <"$m" | LC_ALL=C sort >map."$m"
	done
	for ((n = seed % 3; n > 0; n--)); do
		cat map.* | awk -v seed="$((seed * 3 + n))" 'BEGIN { srand(seed) }
		    { print >("some." int(rand() * 4)) }'
		rm map.*
		for i in some.*; do
			if [ "$i" = some.0 ]; then
				cat some.0
			else
				LC_ALL=C sort "$i" |
				    mbatch --partial --merge --sorted "$@"
			fi >map."$i"
			rm "$i"
		done
	done
	cat map.* | shuffle "$fields"
	for n in 0 1 2; do
		mbatch --merge --part --sorted "$@" <shuffled.$n
	done | LC_ALL=C sort | cmp - want
}

@test "Hadoop Streaming's contract: combiners 0 to 2 times, 3 reducers" {
	local seed
	mv log records
	for seed in 1 2 3 4 5; do
		mapreduce 1 $seed -- "${chain[@]}"
	done
	mbatch -a count by 3,1 <records | sort >want
	for seed in 1 2; do
		mapreduce 2 $seed -- count by 3,1
	done
	awk '{ printf "2024-01-01T%02d:%02d:00Z %s\n", NR / 180, NR / 3 % 60,
	    $0 }' records >timed
	mv timed records
	mbatch -w 6h -T 1 stats count,p99:3 by 2 then stamp time <records |
	    sort >want
	for seed in 1 2; do
		mapreduce 2 $seed -- -w 6h -T 1 stats count,p99:3 by 2 then \
		    stamp time
	done
	# both attempts of a mapper: told by who gets the empty key
	cat map.* <(mbatch --run m.aa -w 6h -T 1 --partial stats \
	    count,p99:3 by 2 <m.aa) >states
	try -w 6h --merge --part stats count,p99:3 by 2 then stamp time <states
	fails 1 'run .m.aa. came twice'
	# a reducer whose lines are not sorted by bytes
	printf '%s\n' b B a | mbatch --partial count by 1 >states
	try --merge --part --sorted count by 1 < <(sort -f states)
	fails 1 'its key comes before that of the line before'
}

# What rdd.pipe(CMD) does in Python: partitions, each through a process without
# an environment, words split as by a shell but read by none, its status looked
# at if asked; a task that failed or whose host was lost is run again, and what
# it gave is dropped.
driver() {
	cat <<-'END'
	import random, shlex, subprocess, sys

	def pipe(parts, command, check):
	    out = []
	    for lines in parts:
	        for attempt in range(4):
	            p = subprocess.Popen(shlex.split(command), env={},
	                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
	            if random.random() < 0.3:   # this executor is lost
	                try:
	                    p.stdin.write(b"".join(lines[:len(lines) // 2]))
	                    p.stdin.flush()
	                except BrokenPipeError:
	                    pass
	                p.kill()
	                p.communicate()
	                continue
	            got = p.communicate(b"".join(lines))[0]
	            if not check or p.returncode == 0:
	                break
	        else:
	            sys.exit("task failed 4 times")
	        out.append(got.splitlines(True))
	    return out

	seed, check, records, mapper, reducer = sys.argv[1:]
	random.seed(int(seed))
	lines = open(records, "rb").readlines()
	n = random.randint(1, 9)
	parts = [[] for i in range(n + 1)]      # one may well be empty
	for line in lines:
	    parts[random.randrange(n)].append(line)
	states = pipe(parts, mapper, check == "check")
	random.shuffle(states)
	states = sum(states, [])                # coalesce(1)
	if random.random() < 0.5:
	    random.shuffle(states)              # repartition(1)
	p = subprocess.run(shlex.split(reducer), env={}, input=b"".join(states))
	sys.exit(p.returncode)
	END
}

@test "Spark's pipe() contract: partitions in any order, tried again" {
	need python3
	local seed
	driver >driver.py
	for seed in 1 2 3 4 5 6; do
		python3 driver.py $seed check log \
		    "$MBATCH --partial ${chain[*]}" \
		    "$MBATCH --merge ${chain[*]}" | sort | cmp - want
	done
	# a process that fails, whose status nobody looks at
	status=0
	python3 driver.py 1 nocheck log \
	    "$MBATCH --bad fail -i json --partial count by k" \
	    "$MBATCH --merge count by k" >out 2>err || status=$?
	slurp
	fails 1 'did not see all of its input: failed'
	is "$out" ''
	# a string that is split at blanks, as in Scala, tears a quoted word
	python3 driver.py 1 nocheck log \
	    "$MBATCH --partial where \"'\$2\" \">\" \"5'\" then count" \
	    "$MBATCH --merge where '\$2 > 5' then count" >out 2>err || status=$?
	slurp
	fails 1 'nothing came'
}

@test "make -j: states are made anew when their log is" {
	need make
	local n
	command split -n l/5 -d --additional-suffix=.log log part
	sed 's/^> /\t/' >Makefile <<-'END'
		states = $(patsubst %.log,%.states,$(wildcard part*.log))
		all: $(states)
		> cat $(states) | mbatch --runs $(words $(states)) \
		> --merge $(CHAIN)
		%.states: %.log
		> mbatch --run $@ --partial $(CHAIN) <$< >$@.new
		> mv $@.new $@
	END
	makes() { make -s -j 3 CHAIN="${chain[*]}" "$@"; }
	makes | sort | cmp - want
	# one that is killed leaves no state, and make fails
	touch -d '1 hour' part03.log
	printf '%s\n' '#!/bin/sh' "[ \"\$2\" != part03.states ] || kill -9 \$\$" \
	    "exec '$MBATCH' \"\$@\"" >killed
	rm bin/mbatch
	install -m 755 killed bin/mbatch
	! makes >out 2>err || false
	[ ! -s out ]
	ln -sf "$MBATCH" bin/mbatch
	# only what is new is made
	touch -d '2 hours' part02.log
	[ "$(makes -n | grep -c -- --partial)" -eq 2 ]
	cat log >>part02.log
	touch -d '2 hours' part02.log
	cat part0?.log | mbatch -a "${chain[@]}" | sort >want
	makes | sort | cmp - want
	# a state that is lost
	rm part04.states
	cat part0?.states >states
	refused 'runs 5: 4 came' --runs 5
	# one cut short, as by a full disk
	makes >out
	cat part0?.states | head -c -9 >states
	refused 'cut short' --runs 5
}
