use fedcoin_node::wire::{MAX_FRAME_BYTES, Message};

/// Any bytes are either a message with exactly this encoding, or not a message (rules E1 and W1).
pub fn frame(bytes: &[u8]) {
    match Message::decode(bytes) {
        Ok(message) => {
            assert_eq!(message.encode(), bytes, "a message has two encodings");
            assert_eq!(usize::from(bytes[0]), message.kind());
            assert!(bytes.len() <= MAX_FRAME_BYTES);
        }
        Err(error) => assert!(error.rule().starts_with('W') && !error.to_string().is_empty()),
    }
}
