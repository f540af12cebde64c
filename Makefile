# The commands of this repository. `make` alone prints them.
#
# Go, a C compiler (for the race detector), git and make are all that must be
# installed. What else is needed is built from modules that go.sum pins.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# One module for users, and a nested one for each thing that no user needs.
MODULES := $(sort $(patsubst ./%,%,$(patsubst %/go.mod,%,$(shell find . -name go.mod \
	-not -path '*/testdata/*' -not -path '*/node_modules/*'))))
COLLECTOR := collector-config/otelcol
TOOLS := internal/tools
# The Collector's module holds generated sources and no tests; `go test` would
# compile it a second time, with the race detector. The tools are not ours.
# What scrubbing is compared with takes two minutes of CPU to build.
COMPARED := internal/bench/scrubbing
OURS := $(filter-out $(COLLECTOR) $(TOOLS) $(COMPARED),$(MODULES))

TEST := go test -race -shuffle=on
# Their promises about allocations and memory skip with the race detector, which
# makes more of both, so they are tested once more without it.
UNRACED := ./exporters/... ./otelkit ./scrub/...
LINT := $(CURDIR)/bin/golangci-lint

# $(call each,COMMAND) runs COMMAND in each of our modules, to the last one, and
# fails if it failed in one.
each = @failed=; for m in $(OURS); do \
	echo "== $$m: $(strip $(1))"; (cd $$m && $(1)) || failed="$$failed $$m"; \
	done; test -z "$$failed" || { echo "failed in:$$failed"; exit 1; }

# Tests that need the Collector find it here, and fail if it is missing. Without
# the variable they look for bin/otelcol and skip if there is none.
test e2e fleet golden: export OTELKIT_OTELCOL := $(CURDIR)/bin/otelcol

##@ Every day

.PHONY: help
help: ## print this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "%s%s\n", n++ ? "\n" : "", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: check
check: lint ## before a commit: lint, and the tests of the main module
	$(TEST) ./...

.PHONY: test
test: collector ## all tests of all modules with the race detector, against the real Collector
	$(call each,$(TEST) ./...)
	@echo "== what the race detector would falsify: allocations and memory"
	go test -shuffle=on $(UNRACED)

.PHONY: lint
lint: bin/golangci-lint ## golangci-lint over all modules, by .golangci.yml
	$(call each,$(LINT) run ./...)

.PHONY: fmt
fmt: bin/golangci-lint ## format all sources as lint wants them
	$(call each,$(LINT) fmt ./...)

.PHONY: ci
ci: ## what CI runs, with a duration for each part
	./.ci/run

##@ Parts

.PHONY: e2e
e2e: collector ## the end-to-end tests alone, told line by line
	cd internal/e2e && $(TEST) -count=1 -v ./...

.PHONY: e2e-sentry
e2e-sentry: ## an issue in Sentry's local viewer, in a browser (needs Node; installs npm packages and Chromium)
	@command -v npm >/dev/null || { echo "e2e-sentry needs Node 20 or newer with npm"; exit 1; }
	@command -v chromium >/dev/null || { apt-get update && apt-get install -y --no-install-recommends chromium; }
	cd internal/e2e/spotlight && npm ci --ignore-scripts --no-audit --no-fund
	cd internal/e2e && OTELKIT_E2E_SENTRY=1 OTELKIT_E2E_PICTURES=$(CURDIR)/bin/pictures $(TEST) -count=1 -v ./spotlight/...

.PHONY: fleet
fleet: collector ## the tier of Collectors: rules, span metrics in Prometheus, long outages (minutes; installs Debian's prometheus)
	@command -v prometheus >/dev/null || { apt-get update && apt-get install -y --no-install-recommends prometheus; }
	cd internal/e2e && LONG=1 go test -count=1 -v -timeout 30m ./fleet/

.PHONY: sizing
sizing: collector ## what agents and gateways cost here, and a large fleet reckoned from it (minutes)
	@go -C internal/bench run ./cmd/sizing

.PHONY: bench
bench: ## the benchmarks against plain OpenTelemetry (minutes; on a quiet machine)
	cd internal/bench && go test -run='^$$' -bench=. -benchmem ./...

.PHONY: bench-scrubbing
bench-scrubbing: ## what scrubbing costs, against other ways to do it (minutes, the first time)
	go -C $(COMPARED) run .

.PHONY: delivery
delivery: ## what plain OpenTelemetry loses and what otelkit loses, as a table (LONG=1: the long outages)
	@go -C internal/bench run ./cmd/delivery

.PHONY: collector
collector: bin/otelcol ## build the real Collector into bin/otelcol (minutes, the first time)

bin/otelcol: $(wildcard $(COLLECTOR)/*.go) $(COLLECTOR)/go.mod $(COLLECTOR)/go.sum
	@echo "== go build  ($(COLLECTOR))"
	@cd $(COLLECTOR) && go build -ldflags='-s -w' -o $(CURDIR)/$@ .
	@touch $@

bin/golangci-lint: $(TOOLS)/go.mod $(TOOLS)/go.sum
	@echo "== go build golangci-lint  ($(TOOLS))"
	@cd $(TOOLS) && go build -ldflags='-s -w' -o $(CURDIR)/$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

##@ What is generated

.PHONY: golden
golden: collector ## rewrite the golden files; look at the diff before you commit it
	$(call each,UPDATE_GOLDEN=1 go test -count=1 ./...)

.PHONY: api
api: ## rewrite testdata/api.txt of each public package
	UPDATE_GOLDEN=1 go test -count=1 ./internal/apitest

.PHONY: redaction
redaction: ## rewrite collector-config/redaction.yaml from the scrub rules (and POLICY=FILE)
	go run ./scrub/cmd/scrub $(if $(POLICY),-policy $(POLICY)) redaction > collector-config/redaction.yaml.new
	mv collector-config/redaction.yaml.new collector-config/redaction.yaml

.PHONY: collector-sources
collector-sources: ## rewrite the Collector's sources from its manifest.yaml
	cd $(COLLECTOR) && go run go.opentelemetry.io/collector/cmd/builder@v0.158.0 --config manifest.yaml --skip-compilation && gofmt -w .
