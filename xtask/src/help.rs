//! What `cargo xtask help` prints.

/// The help text.
pub(crate) const TEXT: &str = "\
FEDCoin: from a fresh clone to a running node, and to passing tests.

  cargo xtask run               build the page and the relay, start the relay on port 5000
  cargo xtask run -- ARGS       the same, with your own arguments for `fedcoin`
                                (`cargo xtask run -- --help` lists them)
  cargo xtask test              all tests: native, in the browser, of the API, end to end
  cargo xtask test STAGE [ARGS] one stage of them only:
      native [ARGS]               cargo test on this machine
      wasm   [ARGS]               the same rules in wasm, in headless Chromium
      api                         the notebook of examples/, and the API against its own document
      e2e    [WORD...]            the built binary and real tabs; WORD picks test files by name
  cargo xtask fuzz [TARGET...] [--minutes N] [--keep]
                                look for inputs that break block, frame, inputs or ledger, all by
                                default, 10 minutes each; --keep stores what reached new code
  cargo xtask check [PART...]   format, lint, lint-wasm, docs, licences: all, or those named
  cargo xtask audit             known vulnerabilities; fetches a database, so it needs the network
  cargo xtask bench [-- ARGS]   build, measure, print the figures
  cargo xtask build             build the page (dist/) and the relay (target/release/fedcoin)
  cargo xtask setup             only install what the commands above need
  cargo xtask help              this text

What you need: Rust by rustup, a C compiler, Node 20.10 or newer with npm; Linux or macOS.
For the tests also Chromium with chromedriver, and Python 3.10 or newer with venv or pip; as root on
Debian they are installed for you.
Everything else is installed once into one folder of your own and found again by every clone:
  $FEDCOIN_TOOLS, or else $XDG_CACHE_HOME/fedcoin-tools, or else ~/.cache/fedcoin-tools
Delete that folder whenever you like. An interrupted command goes on when you start it again.

The first `run` takes 7 to 10 minutes on 2 cores, half of it set-up; later ones take seconds.
Other variables: CHROMIUM and CHROMEDRIVER name the browser and its driver,
ARTIFACTS the folder for screenshots (default: artifacts/).";
