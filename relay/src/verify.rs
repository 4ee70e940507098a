//! Signature checks on all cores.

use crate::inbox::Inbox;
use crate::threads::SpawnError;
use fedcoin_node::primitives::PublicKey;
use fedcoin_node::{BatchId, Input, SignatureCheck, Verdict};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

/// Checks that a thread takes at once: some milliseconds of work.
const CHUNK: usize = 32;

/// Threads that check signatures. The node bounds their queue: it requests one batch for each block or payment that it
/// processes.
#[derive(Debug)]
pub struct Verifier {
    chunks: mpsc::Sender<Chunk>,
}

/// A part of a batch.
#[derive(Debug)]
struct Chunk {
    batch: Arc<Batch>,
    range: Range<usize>,
}

#[derive(Debug)]
struct Batch {
    id: BatchId,
    checks: Vec<SignatureCheck>,
    verdicts: Mutex<Vec<Verdict>>,
    /// Checks not done yet.
    remaining: AtomicUsize,
}

impl Verifier {
    /// Starts `threads` threads, which answer to `inbox`. They end when this value is dropped.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn start(threads: usize, inbox: &Inbox) -> Result<Self, SpawnError> {
        let (sender, receiver) = mpsc::channel::<Chunk>();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..threads.max(1) {
            let (receiver, results) = (Arc::clone(&receiver), inbox.clone());
            inbox.spawn(format!("verify-{number}"), move || {
                let mut points = Points::default();
                while let Some(chunk) = next_chunk(&receiver) {
                    check_chunk(&chunk, &mut points, &results);
                }
            })?;
        }
        Ok(Self { chunks: sender })
    }

    /// Starts a batch of at least one check. The inbox gets the verdicts in the order of the checks.
    pub fn begin(&self, id: BatchId, checks: Vec<SignatureCheck>) {
        let count = checks.len();
        let verdicts = Mutex::new(vec![Verdict::Unknown; count]);
        let batch = Arc::new(Batch { id, checks, verdicts, remaining: AtomicUsize::new(count) });
        for start in (0..count).step_by(CHUNK) {
            let range = start..count.min(start + CHUNK);
            // The threads live as long as `self`.
            let _ = self.chunks.send(Chunk { batch: Arc::clone(&batch), range });
        }
    }
}

/// Waits for work; `None` when there will be no more. The lock is held only while waiting: one idle thread waits for
/// work, other idle threads wait for the lock.
fn next_chunk(receiver: &Mutex<mpsc::Receiver<Chunk>>) -> Option<Chunk> {
    receiver.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// The decompressed points of recent keys: decompression costs a fifth of a check, and a key that pays once usually
/// pays again. Bound: [`Points::MAX`] keys, about 1 MB; then the table is cleared.
#[derive(Debug, Default)]
struct Points(HashMap<PublicKey, Option<[u8; 65]>>);

impl Points {
    const MAX: usize = 8_192;

    /// The key in the form that ring reads; `None` if it is not a point of the curve.
    fn of(&mut self, key: &PublicKey) -> Option<[u8; 65]> {
        if self.0.len() >= Self::MAX && !self.0.contains_key(key) {
            self.0.clear();
        }
        *self.0.entry(*key).or_insert_with(|| key.to_uncompressed())
    }
}

fn check_chunk(chunk: &Chunk, points: &mut Points, inbox: &Inbox) {
    let Chunk { batch, range } = chunk;
    let found: Vec<Verdict> = batch.checks[range.clone()].iter().map(|c| check(c, points)).collect();
    batch.verdicts.lock().unwrap_or_else(PoisonError::into_inner)[range.clone()].copy_from_slice(&found);
    if batch.remaining.fetch_sub(range.len(), Ordering::AcqRel) == range.len() {
        let verdicts = std::mem::take(&mut *batch.verdicts.lock().unwrap_or_else(PoisonError::into_inner));
        inbox.send_blocking(Input::Verified { batch: batch.id, verdicts });
    }
}

/// Runs these checks on all cores, and returns the verdicts.
#[must_use]
pub fn check_all(checks: &[SignatureCheck]) -> Vec<Verdict> {
    let part = |checks: &[SignatureCheck]| {
        let mut points = Points::default();
        checks.iter().map(|one| check(one, &mut points)).collect::<Vec<_>>()
    };
    if checks.len() <= CHUNK {
        return part(checks);
    }
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let share = checks.len().div_ceil(cores);
        let threads: Vec<_> = checks.chunks(share).map(|checks| scope.spawn(move || part(checks))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a check does not panic")).collect()
    })
}

/// One signature check (rule T9).
fn check(check: &SignatureCheck, points: &mut Points) -> Verdict {
    let Some(point) = points.of(&check.key) else { return Verdict::Invalid };
    match UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(&check.message, check.signature.as_bytes()) {
        Ok(()) => Verdict::Valid,
        Err(_) => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::DriverMessage;
    use fedcoin_node::primitives::{PrivateKey, PublicKey, Signature};
    use fedcoin_oracle::signatures;

    fn checks() -> Vec<SignatureCheck> {
        let key = PrivateKey::from_random(&[7; 32]).unwrap();
        let good =
            |n: u8| SignatureCheck { key: key.public_key(), message: vec![n; 10], signature: key.sign(&[n; 10]) };
        let mut checks: Vec<_> = (0..100).map(good).collect();
        checks[3].message.push(0);
        checks[40].signature = Signature::ZERO;
        checks[50].key = PublicKey::from_bytes([9; 33]);
        checks[60].key = PrivateKey::from_random(&[8; 32]).unwrap().public_key();
        let mut bytes = *checks[70].signature.as_bytes();
        bytes[63] ^= 1;
        checks[70].signature = Signature::from_bytes(bytes);
        checks
    }

    #[test]
    fn verdicts_match_known_results() {
        let mut points = Points::default();
        // The second pass uses the remembered points.
        for _ in 0..2 {
            for known in signatures::wycheproof().into_iter().chain(signatures::mutated()) {
                assert_eq!(check(&known.check, &mut points) == Verdict::Valid, known.valid, "{}", known.name);
            }
        }
    }

    #[test]
    fn a_working_thread_does_not_hold_the_queue() {
        let (sender, receiver) = mpsc::channel();
        let receiver = Mutex::new(receiver);
        let verdicts = Mutex::new(Vec::new());
        let batch = Arc::new(Batch { id: BatchId(1), checks: Vec::new(), verdicts, remaining: AtomicUsize::new(0) });
        for _ in 0..2 {
            sender.send(Chunk { batch: Arc::clone(&batch), range: 0..0 }).unwrap();
        }
        // The same loop as in the threads: the scrutinee of `while let` lives as long as the loop's body.
        while let Some(_chunk) = next_chunk(&receiver) {
            assert!(receiver.try_lock().is_ok(), "the lock must be free while a chunk is processed");
            if receiver.try_lock().is_ok_and(|waiting| waiting.try_recv().is_ok()) {
                return;
            }
        }
        panic!("the second chunk was there");
    }

    #[test]
    fn points_are_limited() {
        let mut points = Points::default();
        for number in 0..=Points::MAX {
            let mut bytes = [0; 33];
            bytes[1..9].copy_from_slice(&number.to_be_bytes());
            assert_eq!(points.of(&PublicKey::from_bytes(bytes)), None);
            assert!(points.0.len() <= Points::MAX);
        }
        let key = PrivateKey::from_random(&[7; 32]).unwrap().public_key();
        assert_eq!(points.of(&key), key.to_uncompressed());
    }

    #[test]
    fn verdicts_come_in_the_order_of_the_checks() {
        let (inbox, mut receiver) = Inbox::new();
        let verifier = Verifier::start(3, &inbox).unwrap();
        verifier.begin(BatchId(5), checks());
        let Some(DriverMessage::Input(Input::Verified { batch, verdicts })) = receiver.blocking_recv() else {
            panic!()
        };
        assert_eq!((batch, verdicts.len()), (BatchId(5), 100));
        let bad: Vec<_> = (0..100).filter(|i| verdicts[*i] == Verdict::Invalid).collect();
        assert_eq!(bad, [3, 40, 50, 60, 70]);
        assert!(!verdicts.contains(&Verdict::Unknown));
        assert_eq!(check_all(&checks()), verdicts);
        assert_eq!(check_all(&checks()[..5]), verdicts[..5]);
    }
}
