use super::schedule::{FIRST_ROUND, Schedule, second_half};
use super::search_result::Found;
use core::ops::Range;
use fedcoin_primitives::Header;
use fedcoin_primitives::units::Target;
use sha2::block_api::compress256;

/// SHA-256's initial state (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

const SALTS: usize = Task::SALTS as usize;

/// A header, a target and [`Task::SALTS`] consecutive salts, prepared once for many ranges of nonces.
///
/// Preparing costs one compression per salt: about 20 microseconds, or 100 in a browser.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Task {
    /// The state's words a to h after the nonce's round, if the nonce were 0, for each salt.
    pub(super) starts: [[u32; SALTS]; 8],
    /// The midstate's last word for each salt. Added to the final state's last word, it gives the hash's.
    pub(super) last: [u32; SALTS],
    /// The bits of the last word that are zero in every hash that meets the target.
    pub(super) zeros: u32,
    /// The words of the header's last 24 bytes, padded, without the nonce.
    pub(super) second_half: [u32; 16],
    header: Header,
    target: Target,
}

impl Task {
    /// Number of salts that a search tries at once. Each nonce's message schedule is computed once for all of them, so
    /// it costs little.
    pub const SALTS: u32 = 256;

    /// Prepares a search for this target with the salts `first_salt`, `first_salt` + 1, and so on (wrapping). The
    /// header's own salt and nonce are ignored.
    #[must_use]
    pub fn new(header: &Header, target: Target, first_salt: u32) -> Self {
        let header = Header { salt: first_salt, nonce: 0, ..*header };
        let second_half = second_half(&header);
        let mut task =
            Self { starts: [[0; SALTS]; 8], last: [0; SALTS], zeros: zeros(target), second_half, header, target };
        let schedule = Schedule::of(&second_half, 0);
        for place in 0..SALTS {
            let midstate = midstate(&Header { salt: task.salt(place), ..header });
            task.last[place] = midstate[7];
            let mut state = midstate;
            for word in &schedule.0[..FIRST_ROUND] {
                round(&mut state, *word);
            }
            for (starts, word) in task.starts.iter_mut().zip(state) {
                starts[place] = word;
            }
        }
        task
    }

    /// The first salt.
    #[must_use]
    pub fn first_salt(&self) -> u32 {
        self.header.salt
    }

    /// The salt at this position, counted from the first.
    fn salt(&self, place: usize) -> u32 {
        self.header.salt.wrapping_add(place as u32)
    }

    /// The first of the salts at these positions whose hash with this nonce meets the target, by `sha2`. A kernel calls
    /// this when a hash's last word is low enough, once in many millions of hashes.
    #[cold]
    #[inline(never)]
    pub(super) fn confirm(&self, nonce: u32, places: Range<usize>) -> Option<Found> {
        places
            .map(|place| self.salt(place))
            .find(|salt| self.target.is_met_by(&Header { salt: *salt, nonce, ..self.header }.id().0))
            .map(|salt| Found { salt, nonce })
    }
}

/// The SHA-256 state after a header's first 64 bytes.
pub(super) fn midstate(header: &Header) -> [u32; 8] {
    let mut first = [0; 64];
    first.copy_from_slice(&header.to_bytes()[..64]);
    let mut state = INITIAL;
    compress256(&mut state, &[first]);
    state
}

/// The leading zero bits of the target, as they appear in the hash's last word: the hash is a little-endian number
/// (rule E3), and its words are big-endian.
fn zeros(target: Target) -> u32 {
    let [a, b, c, d, ..] = target.to_be_bytes();
    let leading = u32::from_be_bytes([a, b, c, d]).leading_zeros();
    let others = u32::MAX.checked_shr(leading).unwrap_or(0);
    (!others).swap_bytes()
}

/// One round (FIPS 180-4, section 6.2.2, step 3). `word` is the sum of the schedule's word and the constant.
fn round(state: &mut [u32; 8], word: u32) {
    let [a, b, c, d, e, f, g, h] = *state;
    let sigma1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
    let sum = h.wrapping_add(sigma1).wrapping_add((e & f) ^ (!e & g)).wrapping_add(word);
    let sigma0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
    let next = sum.wrapping_add(sigma0).wrapping_add((a & b) ^ (a & c) ^ (b & c));
    *state = [next, a, b, c, d.wrapping_add(sum), e, f, g];
}
