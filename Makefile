# The whole project in a few words. `make run` and `make test` install what is missing and ask nothing.
# One build configuration for both, so that nothing is compiled twice.

SHELL := /bin/bash
# Where swiftly puts its toolchains, for shells that have not read its settings yet.
export PATH := $(PATH):$(HOME)/.local/share/swiftly/bin

BUILD := -c release
# Testable imports would compile every module a second time; tests use public and package declarations.
TEST  := $(BUILD) --disable-testable-imports

.PHONY: help run build test test-long s3-server bench-peers bench-rest setup clean

help:            ## says what there is
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: setup       ## builds, starts a server with 8,000 real vectors, searches them, stays up until Ctrl-C
	swift build $(BUILD) --product jadevectordb
	@exec .build/release/jadevectordb demo

build: setup     ## builds everything for release
	swift build $(BUILD)

test: setup      ## builds and runs every test
	swift test $(TEST)

test-long: setup ## the same with the long tier: many more crashes, seeds and sizes
	JADE_TIER=long swift test $(TEST)

bench-peers: build ## compares the index with hnswlib in one run: make bench-peers SETS="name=base.npy,queries.npy,metric"
	Benchmarks/peers/run.sh $(SETS)

bench-rest: build ## compares queries per second over REST with the engine's own
	Benchmarks/rest/run.sh

s3-server:       ## installs a mock of S3 for the tests; without it they are skipped
	@scripts/setup-s3.sh

setup:           ## installs what is missing from the distribution's packages
	@scripts/setup.sh

clean:           ## removes what was built
	rm -rf .build
