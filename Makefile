# Every command of a developer and of CI. `make` alone lists them. Needs: Rust, a C compiler; for the tests also Node.
# Written for GNU make 3.81 (macOS has that one) and any POSIX shell.

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR := $(TARGET)
export PATH := $(HOME)/.cargo/bin:$(PATH)

# The server's side. Every command names the same packages, because cargo compiles a dependency anew for each set of
# features that a set of packages asks of it.
HOST := -p app -p bench -p bundle -p domain -p formats -p ingest -p jobs -p mail -p migrations -p server -p store -p testing -p tex
WASM := wasm32-unknown-unknown
BUNDLE := $(TARGET)/debug/bundle
MODULES := end2end/node_modules/.package-lock.json

START := $(shell date +%s)

# $(call step,words,command): prints what begins, and how many seconds it took.
define step
@printf '\n== %s\n' '$(1)'; begin=$$(date +%s); { $(2); } || exit 1; printf '== %s: %s s\n' '$(1)' "$$(( $$(date +%s) - begin ))"
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: toolchain ## build if needed, and serve Broadsheet at http://localhost:3000 with the built-in sample
	$(call step,The server,cargo build $(HOST) --bin broadsheet --bin bundle)
	$(call step,The front end,$(BUNDLE))
	@listen=$${BROADSHEET_LISTEN:-127.0.0.1:3000}; server=$$$$; \
	( while kill -0 $$server 2>/dev/null; do \
	    if curl -fso /dev/null "http://$$listen/healthz" 2>/dev/null; then \
	      printf '\n== Broadsheet is ready at http://localhost:%s (%s s). Ctrl-C ends it.\n' "$${listen##*:}" "$$(( $$(date +%s) - $(START) ))"; exit; \
	    fi; sleep 0.2; \
	  done ) & \
	export BROADSHEET_SITE_ROOT="$${BROADSHEET_SITE_ROOT:-$(TARGET)/site}"; exec "$(TARGET)/debug/broadsheet"

build: toolchain modules ## the release: target/release/broadsheet, with the front end inside
	$(call step,The bundler,cargo build $(HOST) --bin bundle)
	$(call step,The front end,$(BUNDLE) --release)
	$(call step,The server,BROADSHEET_EMBED_SITE="$(TARGET)/site" cargo build --release -p server)
	@printf '\n== Made %s/release/broadsheet in %s s\n' "$(TARGET)" "$$(( $$(date +%s) - $(START) ))"

test: toolchain $(MODULES) chromium ## all tests, including those in a browser
	$(call step,The server,cargo build $(HOST) --bins)
	$(call step,The front end,$(BUNDLE) --release)
	$(call step,Tests in Rust,if cargo nextest --version >/dev/null 2>&1; \
	  then cargo nextest run $(HOST) --no-tests pass && cargo test --quiet --doc $(HOST); else cargo test --quiet $(HOST); fi)
	$(call step,Tests in the browser,cd end2end && BROADSHEET_BIN="$(TARGET)/debug/broadsheet" BROADSHEET_SITE_ROOT="$(TARGET)/site" npx --no-install playwright test)
	@printf '\n== All tests passed in %s s\n' "$$(( $$(date +%s) - $(START) ))"

test-long: build $(MODULES) chromium ## tests that are too slow for every change: all real papers, more random input, the release, slow processors
	$(call step,All real papers and more random input,BROADSHEET_TEST_EVERY=1 PROPTEST_CASES=4096 cargo nextest run $(HOST) --run-ignored all \
	  -E 'test(formula) or test(any_) or test(random) or binary(searches) or binary(formulas_in_real_abstracts) or binary(recorded) or binary(real_papers)')
	$(call step,The release alone in an empty folder,cd end2end && BROADSHEET_BIN="$(TARGET)/release/broadsheet" npx --no-install playwright test -c long)
	$(call step,A slow processor,cd end2end && BROADSHEET_BIN="$(TARGET)/release/broadsheet" BROADSHEET_SITE_ROOT="$(TARGET)/site" npm run test:slow)
	@printf '\n== All long tests passed in %s s\n' "$$(( $$(date +%s) - $(START) ))"

bench: toolchain ## measure and compare with limits of the same run: one table, and a JSON file in target/bench (server/docs/measured.md)
	@[ -n "$$BENCH_BINARY" ] || $(MAKE) --no-print-directory build
	$(call step,The harness,cargo build --release -p bench)
	$(call step,Measuring,BENCH_BINARY="$${BENCH_BINARY:-$(TARGET)/release/broadsheet}" BENCH_FOLDER="$${BENCH_FOLDER:-$(TARGET)/bench}" $(TARGET)/release/bench)

bench-compare: toolchain ## compare two JSON files: make bench-compare A=before.json B=after.json
	@cargo run --quiet --release -p bench -- compare "$(A)" "$(B)"

bench-mail: toolchain ## measure the daily mail
	$(call step,The daily mail,cargo bench -p server --bench email)

bench-sources: toolchain ## measure a backfill and a rank run
	$(call step,The sources,cargo bench -p server --bench sources)

bench-replay: toolchain ## measure how well the ranking predicts votes
	$(call step,Replay,cargo bench -p server --bench replay)

bench-browser: build $(MODULES) chromium ## measure the pages in a browser
	$(call step,In the browser,cd end2end && BROADSHEET_BIN="$(TARGET)/release/broadsheet" BROADSHEET_SITE_ROOT="$(TARGET)/site" npx --no-install playwright test -c bench)

bench-all: bench bench-mail bench-sources bench-replay bench-browser ## all measurements, one after another

.PHONY: bench-compare bench-mail bench-sources bench-replay bench-browser bench-all

lint: toolchain ## formatting, clippy for the server and the browser, documentation, dependencies, and whether .sqlx is up to date
	$(call step,Formatting,cargo fmt --all --check)
	$(call step,A database for the queries,$(database))
	$(call step,Clippy: the server,$(call queries,clippy $(HOST) --all-targets,-D warnings,lint))
	$(call step,Clippy: the browser,cargo clippy -p frontend --target $(WASM) -- -D warnings)
	$(call step,The documentation,RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps $(HOST))
	$(call step,Dependencies,if cargo deny --version >/dev/null 2>&1; \
	  then cargo deny --config .cargo/deny.toml check bans licenses sources; \
	  else echo "Skipped: cargo-deny is not installed. To install it: cargo install --locked cargo-deny"; fi)
	$(call step,The committed .sqlx,mkdir -p .sqlx && diff -r .sqlx $(TARGET)/sqlx-lint || \
	  { echo "The queries in .sqlx are not those of the code. To fix it: run make sqlx and commit .sqlx"; exit 1; })

fmt: ## format the code
	cargo fmt --all

sqlx: toolchain ## regenerate .sqlx: what the compiler must know about the queries (run it after changing SQL)
	$(call step,A database for the queries,$(database))
	$(call step,The queries,$(call queries,check -p store,,check))
	@mkdir -p .sqlx && rm -f .sqlx/query-*.json && cp $(TARGET)/sqlx-check/query-*.json .sqlx/ && \
	  echo "== .sqlx holds $$(ls .sqlx | wc -l | tr -d ' ') queries; commit it with the code"

clean: ## remove everything that was built or installed here
	cargo clean
	rm -rf end2end/node_modules end2end/test-results end2end/playwright-report

# An empty database of today's schema, to ask about queries.
database = cargo build $(HOST) --bin migrations && rm -f $(TARGET)/sqlx.db* && $(TARGET)/debug/migrations $(TARGET)/sqlx.db

# $(call queries,cargo command,arguments after --,name): compiles with every query asked of that database; sqlx leaves
# the answers in target/sqlx-NAME. It does so only while it compiles, so what may have changed is compiled again.
queries = answers=$(TARGET)/sqlx-$(3) && mkdir -p $$answers && \
	{ [ -e $$answers.done ] && [ -z "$$(find server/store migrations Cargo.lock -newer $$answers.done -type f)" ] || \
	  { rm -f $$answers/* $$answers.done && touch server/store/src/lib.rs; }; } && touch $$answers.begun && \
	DATABASE_URL=sqlite:$(TARGET)/sqlx.db SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$$answers cargo $(1) -- $(2) && \
	mv $$answers.begun $$answers.done

# What must be there. Said, or installed, before anything is compiled.
toolchain:
	@minor=$$(rustc --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p'); \
	if [ -z "$$minor" ]; then \
	  echo "Broadsheet is compiled by Rust, which is not here. To install it, see https://rustup.rs:"; \
	  echo "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"; exit 1; \
	elif [ "$$minor" -lt 95 ]; then \
	  echo "Broadsheet needs Rust 1.95 or newer; this is 1.$$minor. To update: rustup update stable"; exit 1; \
	fi; \
	command -v cc >/dev/null || { echo "A C compiler is missing. Debian: apt-get install -y gcc libc6-dev; macOS: xcode-select --install"; exit 1; }; \
	[ -d "$$(rustc --print sysroot)/lib/rustlib/$(WASM)/lib" ] || { echo "== Installing Rust's $(WASM)"; rustup target add $(WASM); }

# wasm-opt comes with the modules; without Node a release is only larger.
modules:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(MODULES); \
	else echo "No npm here, so no wasm-opt: the front end will be larger than it need be"; fi

$(MODULES): end2end/package.json end2end/package-lock.json
	@command -v npm >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  { echo "== Installing Node"; apt-get update -q && apt-get install -qy nodejs npm; }
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || \
	  { echo "The browser tests need Node 20 or newer, with npm: https://nodejs.org"; exit 1; }
	$(call step,Packages for the browser tests,cd end2end && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json)

chromium: $(MODULES)
	@if node end2end/chromium.js; then :; \
	elif [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
	  echo "== Installing Chromium"; apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy chromium; \
	else \
	  echo "== Installing Chromium"; cd end2end && npx --no-install playwright install chromium; \
	fi

.PHONY: help run build test test-long bench lint fmt sqlx clean toolchain modules chromium
