use crate::primitives::BlockId;
use bytes::Bytes;
use std::collections::VecDeque;

/// Frames of the tip's block, for which many peers ask at once, each encoded once.
///
/// Bound: [`SharedFrames::MAX`] frames of at most [`crate::wire::MAX_FRAME_BYTES`].
#[derive(Default)]
pub(super) struct SharedFrames {
    /// The latest last.
    frames: VecDeque<(BlockId, BlockForm, Bytes)>,
}

/// What a frame holds of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockForm {
    Whole,
    Compact,
}

impl SharedFrames {
    /// Both forms of the tip's block, and of one that is the tip again after a reorganisation.
    const MAX: usize = 4;

    /// The frame of a block, made by `encode` if it is not here.
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
    fn a_frame_is_encoded_once_and_the_oldest_leaves() {
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
