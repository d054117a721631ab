# The whole project in a few words. `make run` and `make test` install what is missing and ask nothing.
# One build configuration for both, so that nothing is compiled twice.

SHELL := /bin/bash
# Where swiftly puts its toolchains, for shells that have not read its settings yet.
export PATH := $(PATH):$(HOME)/.local/share/swiftly/bin

BUILD := -c release
# Testable imports would compile every module a second time; tests use public and package declarations.
TEST  := $(BUILD) --disable-testable-imports
# Tests at once: all of them together hold some thousand files open, and memory to match.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 64

.PHONY: help run build test test-long test-power-cuts test-kills test-damage test-model test-kernels test-api test-python s3-server bench-peers bench-rest bench-kernels bench-batch bench-durability setup clean

help:            ## says what there is
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: setup       ## builds, starts a server with 8,000 real vectors, searches them, stays up until Ctrl-C
	swift build $(BUILD) --product jadevectordb
	@exec .build/release/jadevectordb demo

build: setup     ## builds everything for release
	swift build $(BUILD)

test: setup      ## builds and runs every test; the C part's plain, under sanitizers and for AArch64
	scripts/test-kernels.sh plain sanitized aarch64
	swift test $(TEST)

test-long: setup ## the same with the long tier: many more crashes, seeds and sizes
	JADE_TIER=long swift test $(TEST)

# ROUNDS and SEED change how many and which: make test-power-cuts ROUNDS=1000 SEED=7
SOAK = JADE_TIER=long JADE_ROUNDS=$(ROUNDS) $(if $(SEED),JADE_SEED=$(SEED)) swift test $(TEST) --filter

test-power-cuts: ROUNDS ?= 100000
test-power-cuts: setup ## 100,000 simulated power cuts over recorded file operations, SQLite's among them
	$(SOAK) PowerCutTests

test-kills: ROUNDS ?= 1000
test-kills: setup ## 1,000 servers killed at random moments of a mixed load
	$(SOAK) KillTests

test-damage: ROUNDS ?= 10000
test-damage: setup ## 10,000 bit flips, truncations and zeroed sectors over every file
	$(SOAK) CrashTests.DamageTests

test-kernels:    ## the C part alone: plain, under sanitizers, for AArch64 under qemu, fuzzed; PARTS="plain aarch64" chooses
	scripts/test-kernels.sh $(PARTS)

test-model: ROUNDS ?= 20000
test-model: setup ## random operations with restarts and kills against a model; ROUNDS=2000000 runs for hours
	$(SOAK) ModelTests

test-api: build  ## sends what schemathesis makes of the OpenAPI document to a running server
	scripts/test-api.sh $(ARGS)

test-python: build ## runs the tests of clients/python against a running server
	scripts/test-python.sh $(ARGS)

bench-durability: build ## what a synced write costs against the bare disk, and seconds of replay for each gigabyte of log
	.build/release/jadevectordb bench durability --folder $(or $(FOLDER),.build)

bench-peers: build ## compares the index with hnswlib in one run: make bench-peers SETS="name=base.npy,queries.npy,metric"
	Benchmarks/peers/run.sh $(SETS)

bench-rest: build ## compares queries per second over REST with the engine's own
	Benchmarks/rest/run.sh

bench-kernels:   ## times the kernels beside simsimd, numkong and the machine's limits: make bench-kernels ARGS="--quick"
	Benchmarks/kernels/run.sh $(ARGS)

bench-batch: build ## compares batch search and scans over codes with faiss and OpenBLAS: make bench-batch ARGS="name=base.npy,queries.npy,euclidean"
	Benchmarks/batch/run.sh $(ARGS)

s3-server:       ## installs a mock of S3 for the tests; without it they are skipped
	@scripts/setup-s3.sh

setup:           ## installs what is missing from the distribution's packages
	@scripts/setup.sh

clean:           ## removes what was built
	rm -rf .build
