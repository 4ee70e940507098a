use super::{PATIENCE, eventually, until};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{NetworkId, Payment};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The binary, without settings from the environment.
pub fn fedcoin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fedcoin"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FEDCOIN_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the binary to its end, with `dir` as the user's data directory.
pub fn run<S: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = S>) -> Output {
    let mut command = fedcoin();
    command.current_dir(dir).env("XDG_DATA_HOME", dir).args(args).stdin(Stdio::null());
    command.output().unwrap()
}

/// The standard output of a process that must have succeeded.
pub fn stdout_of(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A running node, killed on drop.
pub struct Node {
    child: Child,
    pub port: u16,
    log: Arc<Mutex<Vec<String>>>,
    agent: ureq::Agent,
    data_dir: PathBuf,
}

impl Node {
    /// The command that starts a node; see [`Node::start`].
    pub fn command(dir: &Path, port: u16, args: &[&str]) -> Command {
        let chosen = args.iter().any(|arg| matches!(*arg, "--network" | "--chain"));
        let network: &[&str] = if chosen { &[] } else { &["--network", "classroom"] };
        let mut command = fedcoin();
        command.current_dir(dir).args(["-p", &port.to_string(), "--data-dir"]).arg(data_dir(dir));
        command.args(network).args(args).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Starts a node in `dir`, with its chain in `dir/data` and these further arguments, and waits until it answers.
    /// The network is `classroom` unless the arguments name another.
    pub fn start(dir: &Path, port: u16, args: &[&str]) -> Self {
        Self::try_start(dir, port, args).unwrap_or_else(|(status, log)| panic!("exited at once, {status}: {log:?}"))
    }

    /// Like [`Node::start`]; if the node exits, returns its status and its log.
    pub fn try_start(dir: &Path, port: u16, args: &[&str]) -> Result<Self, (ExitStatus, Vec<String>)> {
        Self::spawned(Self::command(dir, port, args), dir, port, args)
    }

    /// Like [`Node::start`], with this limit of the shell's `ulimit`, such as `-n 300` for open files.
    pub fn start_limited(limit: &str, dir: &Path, port: u16, args: &[&str]) -> Self {
        let command = Self::command(dir, port, args);
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\"")]);
        limited.arg(command.get_program()).args(command.get_args()).current_dir(dir);
        limited.stdin(Stdio::null()).stdout(Stdio::null());
        for (name, _) in command.get_envs() {
            limited.env_remove(name);
        }
        Self::spawned(limited, dir, port, args)
            .unwrap_or_else(|(status, log)| panic!("exited at once, {status}: {log:?}"))
    }

    fn spawned(mut command: Command, dir: &Path, port: u16, args: &[&str]) -> Result<Self, (ExitStatus, Vec<String>)> {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (stderr, lines) = (child.stderr.take().unwrap(), Arc::clone(&log));
        let collecting = std::thread::spawn(move || collect(stderr, &lines));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            // The node may close a connection after a refusal.
            .max_idle_connections(0)
            .proxy(None)
            .build()
            .into();
        let mut node = Self { child, port, log, agent, data_dir: data_dir(dir) };
        let end = Instant::now() + PATIENCE;
        let private = args.contains(&"--tls-cert");
        let ready = |node: &Self| match private {
            true => std::net::TcpStream::connect(("127.0.0.1", port)).is_ok(),
            false => node.request("GET", "/healthz", "").0 == 200,
        };
        while !ready(&node) {
            if let Some(status) = node.child.try_wait().unwrap() {
                collecting.join().unwrap();
                return Err((status, node.log()));
            }
            assert!(Instant::now() < end, "does not start: {:?}", node.log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Ok(node)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The node's cookie as an `Authorization` header.
    pub fn authorization(&self) -> String {
        let cookie = std::fs::read_to_string(self.data_dir.join("cookie")).unwrap_or_default();
        format!("Bearer {}", cookie.trim())
    }

    /// Status and body of the answer to an operator's request; status 0 if there is no answer.
    pub fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let headers = [("content-type", "application/json"), ("authorization", &self.authorization())];
        match self.ask(method, path, &headers, body) {
            Some(answer) => (answer.status().as_u16(), answer.into_body()),
            None => (0, String::new()),
        }
    }

    /// The answer to a request with these headers; `None` if there is none.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<ureq::http::Response<String>> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, mut body) = self.agent.run(request.body(body.to_owned()).unwrap()).ok()?.into_parts();
        Some(ureq::http::Response::from_parts(parts, body.read_to_string().unwrap_or_default()))
    }

    /// The JSON at a path under `/api/v1`, which must exist.
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", &format!("/api/v1{path}"), "");
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub fn submit(&self, payment: &Payment) -> (u16, Value) {
        let (status, body) = self.request("POST", "/api/v1/transactions", &serde_json::to_string(payment).unwrap());
        (status, serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status}: {body}")))
    }

    pub fn height(&self) -> u64 {
        self.get("/status")["tip"]["height"].as_u64().unwrap()
    }

    pub fn mempool(&self) -> u64 {
        self.get("/mempool")["payments"].as_u64().unwrap()
    }

    pub fn network(&self) -> (ChainParams, NetworkId) {
        let network = self.get("/network");
        let params: ChainParams = serde_json::from_value(network["params"].clone()).unwrap();
        assert_eq!(network["id"], params.network_id().to_string());
        let id = params.network_id();
        (params, id)
    }

    /// A balance in FED: `confirmed`, `spendable`, ...
    pub fn balance(&self, address: impl std::fmt::Display, kind: &str) -> f64 {
        self.get(&format!("/addresses/{address}/balance"))[kind].as_str().unwrap().parse().unwrap()
    }

    pub fn wait_for_height(&self, height: u64) {
        until(&format!("height {height}"), || self.height() >= height);
    }

    /// Log lines so far, without their time.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Waits for a log line that contains `text`; returns its index.
    pub fn wait_for_log(&self, text: &str) -> usize {
        self.wait_for_log_after(0, text)
    }

    /// Waits for a matching line at or after index `from`.
    pub fn wait_for_log_after(&self, from: usize, text: &str) -> usize {
        eventually(&format!("`{text}` in the log"), || {
            let log = self.log.lock().unwrap();
            log.iter().skip(from).position(|line| line.contains(text)).map(|at| at + from)
        })
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Like `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal, such as `-HUP`.
    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Waits until the process has exited by itself.
    pub fn ended(&mut self) -> ExitStatus {
        eventually("the node's end", || self.child.try_wait().unwrap())
    }

    /// Like Ctrl-C or a service manager; waits for the exit.
    pub fn terminate(mut self) -> (ExitStatus, Vec<String>) {
        self.signal("-TERM");
        let status = self.ended();
        until("the last log line", || self.log().iter().any(|line| line.contains("stopped")));
        (status, self.log())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            eprintln!("--- log of the node on port {}:", self.port);
            log.iter().skip(log.len().saturating_sub(60)).for_each(|line| eprintln!("{line}"));
        }
    }
}

pub fn data_dir(dir: &Path) -> PathBuf {
    dir.join("data")
}

fn collect(stderr: impl Read, lines: &Mutex<Vec<String>>) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        lines.lock().unwrap().push(without_time(&line).to_owned());
    }
}

/// `2026-11-23T03:53:44.071903Z  INFO text` without its time. A line without a time stays as it is.
fn without_time(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, text)) if time.starts_with(|c: char| c.is_ascii_digit()) && time.ends_with('Z') => {
            text.trim_start()
        }
        _ => line,
    }
}

/// Whether all nodes have the same tip and the same unspent outputs, and empty mempools.
pub fn agree(nodes: &[&Node]) -> bool {
    let states: Vec<Value> = nodes.iter().map(|node| node.get("/ledger")).collect();
    states.windows(2).all(|pair| pair[0] == pair[1]) && nodes.iter().all(|node| node.mempool() == 0)
}
