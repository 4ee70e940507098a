use bytes::Bytes;
use fedcoin_node::wire::MAX_FRAME_BYTES;

/// Number of bytes of a message before its frame.
pub(super) const HEAD: usize = 16;

/// A frame as it crosses the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberFrame {
    /// The sender's number for the connection. It counts up, so that frames of an earlier connection are told apart.
    pub(super) connection: u64,
    /// The frame's number in the connection, from 0. A gap means that frames were lost.
    pub(super) number: u64,
    /// The frame; empty where the connection ends, whatever the number.
    pub(super) bytes: Bytes,
}

impl MemberFrame {
    /// The message that carries the frame.
    pub(super) fn encode(&self) -> Bytes {
        [&self.connection.to_be_bytes()[..], &self.number.to_be_bytes(), &self.bytes].concat().into()
    }

    /// Reads a message; `None` if it carries no frame, or one that is too large.
    pub(super) fn decode(message: &Bytes) -> Option<Self> {
        let (connection, rest) = message.split_first_chunk()?;
        let (number, frame) = rest.split_first_chunk()?;
        let (connection, number) = (u64::from_be_bytes(*connection), u64::from_be_bytes(*number));
        (frame.len() <= MAX_FRAME_BYTES).then(|| Self { connection, number, bytes: message.slice(HEAD..) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_other_messages_do_not() {
        for bytes in [&b""[..], b"frame", &vec![7; MAX_FRAME_BYTES]] {
            let frame = MemberFrame { connection: 1 << 40, number: 2, bytes: Bytes::copy_from_slice(bytes) };
            assert_eq!(MemberFrame::decode(&frame.encode()), Some(frame));
        }
        for length in [0, HEAD - 1, HEAD + MAX_FRAME_BYTES + 1] {
            assert_eq!(MemberFrame::decode(&vec![0; length].into()), None, "{length} bytes");
        }
    }
}
