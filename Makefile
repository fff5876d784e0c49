# What the README's commands stand on. Everything a target needs is either Go, or installed by it, or named plainly when it cannot be.

GO ?= go
# Exact versions of the tools; they are built by Go from their modules and are no part of this module's requirements.
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOFUMPT := mvdan.cc/gofumpt@v0.12.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: help test check fmt format lint vet race helm faults bench fuzz vuln build

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## all tests; brings redis-server and chromium where it may
	@./.ci/need redis-server chromium python3-networkx
	$(GO) test -timeout 20m ./...

check: format lint vet race ## what has to be green before a change lands: format, lint, vet, architecture, race tests

fmt: ## formats the code
	$(GO) run $(GOFUMPT) -w .

format: ## fails if the code is not formatted
	@out=$$($(GO) run $(GOFUMPT) -l .); if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi

lint: ## golangci-lint
	$(GO) run $(GOLANGCI) run ./...

vet:
	$(GO) vet ./...

race: ## all tests, the architecture's among them, with the race detector
	@./.ci/need redis-server chromium python3-networkx
	$(GO) test -race -timeout 50m ./...

helm: ## the Helm chart, the alerts and the dashboard; Helm comes as a Go module of its own
	cd deploy/helmcheck && $(GO) vet ./... && $(GO) test ./...

faults: ## the whole table of faults, processes really killed, one row for each; up to 40 minutes
	@./.ci/need redis-server
	@GO="$(GO)" ./.ci/faults

bench: ## the figures of docs/figures.md, measured here and set beside their targets; five to thirteen minutes
	@./.ci/need redis-server
	@GO="$(GO)" ./.ci/bench

fuzz: ## every fuzz target for 20 seconds
	@./.ci/fuzz 20s

vuln: ## known vulnerabilities in what is called (asks vuln.go.dev)
	$(GO) run $(GOVULNCHECK) ./...

build: ## a static binary in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/rapport ./cmd/rapport
