use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server under test, pinned to one core; killed when dropped.
pub(super) struct Server {
    child: Child,
}

impl Server {
    /// Starts a program on one core, without reading its standard output.
    pub(super) fn start(core: usize, program: &Path, arguments: &[String]) -> Result<Self> {
        let child = pinned(core, program, arguments)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child })
    }

    /// Starts a program on one core, and also returns the first line it prints.
    pub(super) fn start_and_read(
        core: usize,
        program: &Path,
        arguments: &[String],
        folder: &Path,
    ) -> Result<(Self, String)> {
        let mut command = pinned(core, program, arguments);
        let mut child = command
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let server = Self { child };
        if line.is_empty() {
            bail!("{} exited at once", program.display());
        }
        Ok((server, line.trim().to_owned()))
    }

    /// The system's figures on it.
    pub(super) fn stat(&self) -> Stat {
        Stat::of(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pinned(core: usize, program: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

/// Reads a process's figures from /proc.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stat {
    pid: u32,
}

impl Stat {
    pub(crate) fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// Processor time of all its threads so far.
    pub(super) fn cpu(self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid)).into_iter().flatten().flatten();
        let nanos = tasks.filter_map(|task| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// Resident memory, kB.
    pub(super) fn memory(self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most resident memory since [`Self::forget_peak`], kB.
    pub(crate) fn peak(self) -> u64 {
        self.status("VmHWM:")
    }

    /// Resets the system's peak.
    pub(super) fn forget_peak(self) {
        // Without this the figure is too high, never too low.
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.pid), "5");
    }

    fn status(self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let value = status.lines().find_map(|l| l.strip_prefix(line)?.split_whitespace().next()?.parse().ok());
        value.unwrap_or_default()
    }
}
