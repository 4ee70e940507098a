use anyhow::Result;
use serde_json::{Value, json};

/// All figures, printed as they come.
#[derive(Debug, Default)]
pub(super) struct Report {
    rows: Vec<Value>,
}

impl Report {
    /// A server with this many idle clients: kB of memory for each.
    pub(super) fn idle(&mut self, server: &str, tabs: usize, kb_per_tab: f64, connecting_s: f64) {
        println!("\n{server}, {tabs} tabs: {kb_per_tab:.1} kB each while idle, connected in {connecting_s:.1} s");
        println!(
            "{:<40} {:>9} {:>9} {:>9} {:>9} {:>11} {:>9} {:>8}",
            "", "p50 ms", "p99 ms", "max ms", "CPU s/M", "deliv./s", "peak MB", "missing"
        );
        self.rows.push(json!({ "server": server, "tabs": tabs, "what": "idle", "kb_per_tab": kb_per_tab,
            "connecting_s": connecting_s }));
    }

    /// A round's figures. `grown` is the rise of memory in kB.
    pub(super) fn round(&mut self, server: &str, tabs: usize, what: &str, figures: Value, grown: u64) {
        let figure = |name: &str| figures.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        println!(
            "{what:<40} {:>9.1} {:>9.1} {:>9.1} {:>9.2} {:>11.0} {:>9.1} {:>8}",
            figure("p50_ms"),
            figure("p99_ms"),
            figure("max_ms"),
            figure("cpu_s_per_million"),
            figure("deliveries_per_s"),
            grown as f64 / 1e3,
            figure("missing"),
        );
        let mut row = json!({ "server": server, "tabs": tabs, "what": what, "memory_grown_kb": grown });
        if let (Some(row), Value::Object(figures)) = (row.as_object_mut(), figures) {
            row.extend(figures);
        }
        self.rows.push(row);
    }

    /// A relay's share of its core, and its memory at the end, kB.
    pub(super) fn load(&mut self, server: &str, tabs: usize, when: &str, cores: f64, memory: u64) {
        println!("{when}: {:.0} % of a core, {:.0} MB", 100.0 * cores, memory as f64 / 1e3);
        self.rows.push(json!({ "server": server, "tabs": tabs, "what": format!("load, {when}"), "cores": cores,
            "memory_kb": memory }));
    }

    /// A relay's memory, kB.
    pub(super) fn memory(&mut self, what: &str, server: &str, tabs: usize, memory: u64) {
        println!("{what}: {:.0} MB", memory as f64 / 1e3);
        self.rows.push(json!({ "server": server, "tabs": tabs, "what": what, "memory_kb": memory }));
    }

    /// What an attacker did.
    pub(super) fn attack(&mut self, server: &str, tabs: usize, name: &str, figures: Value) {
        let figure = |name: &str| figures.get(name).and_then(Value::as_u64).unwrap_or_default();
        println!(
            "{name:<40} {:>9} connections, {:>9} refused, {:>9} cut off, {:>9} messages",
            figure("connections"),
            figure("refused"),
            figure("cut_off"),
            figure("messages"),
        );
        self.rows.push(json!({ "server": server, "tabs": tabs, "what": "attack", "name": name, "did": figures }));
    }

    /// Ended connections and their reasons.
    pub(super) fn lost(&mut self, server: &str, tabs: usize, lost: usize, reasons: &[String]) {
        println!("connections lost: {lost}{}", reasons.first().map(|r| format!(", first: {r}")).unwrap_or_default());
        self.rows
            .push(json!({ "server": server, "tabs": tabs, "what": "lost", "lost": lost, "goodbyes": reasons.len() }));
    }

    pub(super) fn json(&self) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec_pretty(&self.rows)?)
    }
}
