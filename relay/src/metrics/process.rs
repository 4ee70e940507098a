use super::encoder::MetricsEncoder;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Resources that the process uses, under the names common to all exporters.
#[derive(Debug)]
pub(super) struct Process {
    /// Seconds since 1970.
    started: f64,
}

impl Process {
    pub(super) fn starting_now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self { started: since.map_or(0.0, |since| since.as_secs_f64()) }
    }
}

impl Collector for Process {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut metrics = MetricsEncoder::new(encoder);
        metrics.gauge(
            "process_start_time_seconds",
            "Start time of the process, in seconds since 1970",
            self.started,
        )?;
        system(&mut metrics)
    }
}

#[cfg(target_os = "linux")]
fn system(metrics: &mut MetricsEncoder<'_>) -> fmt::Result {
    use rustix::process::{Resource, getrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = used.tv_sec as f64 + used.tv_nsec as f64 / 1e9;
    metrics.counter("process_cpu_seconds", "Processor time used, in seconds", seconds)?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for (field, name, help) in [
        ("VmRSS:", "process_resident_memory_bytes", "Memory in use"),
        ("VmSize:", "process_virtual_memory_bytes", "Address space in use"),
    ] {
        if let Some(bytes) = bytes_of(&status, field) {
            metrics.gauge(name, help, bytes)?;
        }
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        metrics.gauge("process_open_fds", "Open files and sockets", files.count() as f64)?;
    }
    match getrlimit(Resource::Nofile).current {
        Some(most) => metrics.gauge("process_max_fds", "Maximum number of open files and sockets", most as f64),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn system(_: &mut MetricsEncoder<'_>) -> fmt::Result {
    Ok(())
}

/// The value of a field of `/proc/self/status`, in bytes; the file has kibibytes.
#[cfg(target_os = "linux")]
fn bytes_of(status: &str, field: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0)
}
