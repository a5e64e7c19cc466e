# The entry points; continuous integration calls the same.

.DEFAULT_GOAL := help
.PHONY: help build test lint fuzz prove bench cov golden release-dry-run

FUZZTIME ?= 20000x
BENCH    ?= .
COUNT    ?= 1
PROVE    ?=
VERSION  ?= 0.0.0-dev

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/grantdiff, a static binary
	CGO_ENABLED=0 go build -mod=readonly -trimpath -o bin/ ./cmd/grantdiff

test: ## all tests
	go test ./...

lint: ## formatting, vet, staticcheck, workflows, modules
	bash .ci/lint

fuzz: ## every fuzz target, FUZZTIME each (default 20000x, or a time such as 30s)
	FUZZTIME=$(FUZZTIME) bash .ci/fuzz

prove: ## docs/proof.md in its long form, for hours; PROVE=regexp, GRANTDIFF_PAIRS=n, GRANTDIFF_SEED=n
	PROVE='$(PROVE)' bash .ci/prove

bench: ## all benchmarks; BENCH=regexp and COUNT=n narrow and repeat
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...

cov: ## coverage.out, the total, and each function that no test reaches
	go test -coverpkg=./... -coverprofile=coverage.out ./...
	@echo "functions that no test reaches:"
	@go tool cover -func=coverage.out | awk '$$NF == "0.0%" {print "  " $$1, $$2; n++} END {if (!n) print "  none"}'
	@go tool cover -func=coverage.out | tail -n 1

golden: ## rewrite the golden files; read the difference before committing it
	@pkgs=$$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' . | xargs -r -n 1 dirname | sort -u); \
	if [ -z "$$pkgs" ]; then echo "no package has golden files"; else echo go test $$pkgs -update; go test $$pkgs -update; fi
	@git status --short -- '*testdata*'

release-dry-run: ## every target of a release into dist/, as VERSION (default 0.0.0-dev); nothing is published
	bash .ci/release '$(VERSION)'
