//! Frames one after the other, for transports that have no messages of their own: before each its length as a `u32`.

use crate::MAX_FRAME_BYTES;

/// Bytes of a frame's length.
const HEAD_BYTES: usize = 4;

/// What stands before a frame of this many bytes.
#[must_use]
pub fn frame_head(bytes: usize) -> [u8; HEAD_BYTES] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// A frame larger than [`MAX_FRAME_BYTES`] is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {got} bytes, at most {MAX_FRAME_BYTES} are allowed")]
pub struct FrameTooLarge {
    /// The announced size.
    pub got: usize,
}

/// Finds the frames in bytes that come in pieces of any size.
///
/// Bound: the largest frame, and the last piece.
#[derive(Debug, Default)]
pub struct FrameSplitter {
    bytes: Vec<u8>,
    /// Of `bytes`, what has been given out.
    taken: usize,
}

impl FrameSplitter {
    /// More bytes have come.
    pub fn put(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// The next whole frame; `None` until more bytes have come.
    ///
    /// # Errors
    /// [`FrameTooLarge`].
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameTooLarge> {
        let rest = &self.bytes[self.taken..];
        let Some((head, rest)) = rest.split_first_chunk::<HEAD_BYTES>() else { return Ok(None) };
        let size = u32::from_le_bytes(*head) as usize;
        if size > MAX_FRAME_BYTES {
            return Err(FrameTooLarge { got: size });
        }
        let Some(frame) = rest.get(..size) else { return Ok(None) };
        let frame = frame.to_vec();
        self.taken += HEAD_BYTES + size;
        Ok(Some(frame))
    }

    /// Whether a frame has begun and not ended.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.taken < self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(frames: &[Vec<u8>]) -> Vec<u8> {
        frames.iter().flat_map(|frame| [frame_head(frame.len()).to_vec(), frame.clone()]).flatten().collect()
    }

    #[test]
    fn frames_are_found_however_they_are_cut() {
        let frames: Vec<Vec<u8>> = [0, 1, 3, 300, 70_000, 0, 2].iter().map(|len| vec![*len as u8; *len]).collect();
        let bytes = stream(&frames);
        for size in [1, 2, 3, 5, 7, 1_000, bytes.len()] {
            let (mut splitter, mut found) = (FrameSplitter::default(), Vec::new());
            for piece in bytes.chunks(size) {
                splitter.put(piece);
                while let Some(frame) = splitter.next_frame().unwrap() {
                    found.push(frame);
                }
            }
            assert_eq!(found, frames, "pieces of {size}");
            assert!(!splitter.is_within());
        }
    }

    #[test]
    fn a_frame_has_a_largest_size_and_an_end() {
        let mut splitter = FrameSplitter::default();
        splitter.put(&stream(&[vec![7; MAX_FRAME_BYTES]]));
        assert_eq!(splitter.next_frame().map(|frame| frame.unwrap().len()), Ok(MAX_FRAME_BYTES));
        splitter.put(&frame_head(MAX_FRAME_BYTES + 1));
        assert_eq!(splitter.next_frame(), Err(FrameTooLarge { got: MAX_FRAME_BYTES + 1 }));
        let mut cut = FrameSplitter::default();
        cut.put(&stream(&[vec![7; 9]])[..12]);
        assert_eq!(cut.next_frame(), Ok(None));
        assert!(cut.is_within());
    }
}
