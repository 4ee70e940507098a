//! The text of `cargo xtask help`.

/// The help text.
pub(crate) const TEXT: &str = "\
FEDCoin: from a fresh clone to a running node and passing tests.

  cargo xtask run               build the page and the relay, start the relay on port 5000
  cargo xtask run -- ARGS       the same, with your own arguments for `fedcoin`
                                (`cargo xtask run -- --help` lists them)
  cargo xtask test              run all tests: native, in the browser, of the API, end to end
  cargo xtask test STAGE [ARGS] run one stage only:
      native [ARGS]               cargo test on this machine
      wasm   [ARGS]               the same rules in wasm, in headless Chromium
      api                         the client and notebook in examples/, and the API's own document
      e2e    [WORD...]            the built binary and real tabs; WORD picks test files by name
  cargo xtask fuzz [TARGET...] [--minutes N] [--keep]
                                search for inputs that break a target (block, frame, inputs, ledger;
                                default: all), 10 minutes each; --keep stores inputs that reach new code
  cargo xtask check [PART...]   run all checks, or those named: format, lint, lint-wasm, docs, licences
  cargo xtask audit             look for known vulnerabilities; downloads a database
  cargo xtask bench [-- ARGS]   build, measure, print the figures
  cargo xtask build             build the page (dist/) and the relay (target/release/fedcoin)
  cargo xtask setup             only install what the other commands need
  cargo xtask help              print this text

You need Rust by rustup, a C compiler, and Node 20.10 or newer with npm, on Linux or macOS. The tests
also need Chromium with chromedriver, and Python 3.11 or newer with venv or pip. As root on Debian
they are installed for you.
Everything else is installed once into one folder of your own, which all clones share:
  $FEDCOIN_TOOLS, or else $XDG_CACHE_HOME/fedcoin-tools, or else ~/.cache/fedcoin-tools
You may delete that folder at any time. If a command is interrupted, start it again to continue.

The first `run` takes 7 to 10 minutes on 2 cores, half of it for set-up. Later ones take seconds.
Other variables: CHROMIUM and CHROMEDRIVER name the browser and its driver, ARTIFACTS the folder for
screenshots (default: artifacts/).";
