use crate::primitives::BlockId;
use bytes::Bytes;
use std::collections::VecDeque;

/// Encoded frames of the tip's block, which many peers request at once.
///
/// Bound: [`SharedFrames::MAX`] frames of at most [`crate::wire::MAX_FRAME_BYTES`].
#[derive(Default)]
pub(super) struct SharedFrames {
    /// The newest is last.
    frames: VecDeque<(BlockId, BlockForm, Bytes)>,
}

/// The form of a block in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockForm {
    Whole,
    Compact,
}

impl SharedFrames {
    /// Both forms of the tip's block, and of another block that becomes the tip again after a reorganisation.
    const MAX: usize = 4;

    /// The frame of a block; calls `encode` if it is not cached.
    pub(super) fn get(&mut self, id: BlockId, form: BlockForm, encode: impl FnOnce() -> Vec<u8>) -> Bytes {
        if let Some((_, _, frame)) = self.frames.iter().find(|(i, f, _)| (*i, *f) == (id, form)) {
            return frame.clone();
        }
        let frame = Bytes::from(encode());
        self.frames.push_back((id, form, frame.clone()));
        if self.frames.len() > Self::MAX {
            self.frames.pop_front();
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_encoded_once_and_the_oldest_is_dropped() {
        let mut frames = SharedFrames::default();
        let mut encoded = 0;
        let mut get = |n: u8, form| {
            frames.get(BlockId([n; 32]), form, || {
                encoded += 1;
                vec![n]
            })
        };
        for n in [1, 1, 2, 3, 4, 1, 5, 5, 1] {
            assert_eq!(get(n, BlockForm::Whole), [n].as_slice());
        }
        get(5, BlockForm::Compact);
        assert_eq!(encoded, 7);
    }
}
