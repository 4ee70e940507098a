//! A relay under all attacks at once, with honest tabs connected: what the tabs get before and during the attack.

mod attacker;
mod attacks;
mod pace;
mod readers;

use super::process::Stat;
use anyhow::{Result, ensure};
use attacker::{Attacker, Target};
use attacks::Attack;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Time between two readings of memory.
const LOOK: Duration = Duration::from_millis(500);

/// Attacks that run until this is dropped, each with its own thread and address.
pub(super) struct AttackRun {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    attackers: Vec<Arc<Attacker>>,
    peak: Arc<Mutex<u64>>,
}

impl AttackRun {
    /// Starts the attacks on this relay whose names contain one of these words, or all.
    pub(super) fn begin(target: Target, relay: Stat, words: &[String]) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (target, mut attackers, mut threads) = (Arc::new(target), Vec::new(), Vec::new());
        let wanted = |attack: &Attack| words.is_empty() || words.iter().any(|word| attack.name.contains(word.as_str()));
        for (number, attack) in (2..).zip(attacks::ALL).filter(|(_, attack)| wanted(attack)) {
            let attacker = Arc::new(Attacker::new(attack.name, number));
            let (own, target, stop) = (Arc::clone(&attacker), Arc::clone(&target), Arc::clone(&stop));
            let thread = thread::Builder::new().name(attack.name.to_owned());
            threads.push(thread.spawn(move || (attack.run)(&own, &target, &stop))?);
            attackers.push(attacker);
        }
        ensure!(
            !attackers.is_empty(),
            "unknown attacker; the attackers are: {}",
            attacks::ALL.map(|a| a.name).join(", ")
        );
        let peak = Arc::new(Mutex::new(0));
        let (seen, stopped) = (Arc::clone(&peak), Arc::clone(&stop));
        threads.push(thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let mut peak = seen.lock().unwrap_or_else(PoisonError::into_inner);
                *peak = relay.memory().max(*peak);
                drop(peak);
                thread::sleep(LOOK);
            }
        }));
        Ok(Self { stop, threads, attackers, peak })
    }

    /// The relay's maximum memory during the attacks, kB.
    pub(super) fn peak(&self) -> u64 {
        *self.peak.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all attacks and returns what each did.
    pub(super) fn end(mut self, since: Instant) -> Vec<(&'static str, Value)> {
        self.halt();
        let seconds = since.elapsed().as_secs_f64();
        let figures_of = |attacker: &Arc<Attacker>| (attacker.name, attacker.figures(seconds));
        self.attackers.iter().map(figures_of).collect()
    }

    fn halt(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that has panicked has ended too.
            let _ = thread.join();
        }
    }
}

impl Drop for AttackRun {
    fn drop(&mut self) {
        self.halt();
    }
}

impl Attacker {
    /// What it did, in total and per second.
    fn figures(&self, seconds: f64) -> Value {
        let [connections, refused, cut_off, messages] = self.counts();
        json!({
            "connections": connections,
            "refused": refused,
            "cut_off": cut_off,
            "messages": messages,
            "connections_per_s": connections as f64 / seconds,
            "messages_per_s": messages as f64 / seconds,
        })
    }
}

pub(super) use attacker::Target as AttackTarget;
