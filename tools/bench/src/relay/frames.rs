//! WebSocket frames for a load generator: thousands of tabs in little memory. Large messages are counted, not kept.

/// Number of bytes that are kept of a longer message.
const KEPT: usize = 128 * 1024;

/// The kind of a server's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A binary message.
    Data,
    /// A ping, which needs an answer.
    Ping,
    /// A close frame.
    Close,
    /// Anything else.
    Other,
}

/// Assembles the frames of one connection.
#[derive(Debug, Default)]
pub(super) struct FrameReader {
    /// An incomplete frame, or its beginning.
    partial: Vec<u8>,
    /// Number of its bytes that were not kept.
    passed: usize,
}

impl FrameReader {
    /// Adds bytes, and calls `frame` for each complete frame with its kind, its payload or the beginning of it, and the
    /// payload's length.
    pub(super) fn feed(&mut self, bytes: &[u8], mut frame: impl FnMut(Kind, &[u8], usize)) {
        let mut bytes = bytes;
        while !bytes.is_empty() {
            if self.partial.is_empty()
                && let Some((kind, start, len)) = head(bytes)
                && let Some(payload) = bytes.get(start..start + len)
            {
                frame(kind, payload, len);
                bytes = &bytes[start + len..];
                continue;
            }
            bytes = self.collect(bytes, &mut frame);
        }
    }

    /// Adds to the incomplete frame and returns the bytes after it.
    fn collect<'a>(&mut self, bytes: &'a [u8], frame: &mut impl FnMut(Kind, &[u8], usize)) -> &'a [u8] {
        let Some((kind, start, len)) = head(&self.partial) else {
            let (first, rest) = bytes.split_at(1);
            self.partial.extend_from_slice(first);
            if let Some((kind, _, 0)) = head(&self.partial) {
                frame(kind, &[], 0);
                self.partial = Vec::new();
            }
            return rest;
        };
        let missing = start + len - self.partial.len() - self.passed;
        let (now, rest) = bytes.split_at(missing.min(bytes.len()));
        let kept = now.len().min(KEPT.saturating_sub(self.partial.len()));
        self.partial.extend_from_slice(&now[..kept]);
        self.passed += now.len() - kept;
        if now.len() == missing {
            frame(kind, &self.partial[start..], len);
            (self.partial, self.passed) = (Vec::new(), 0);
        }
        rest
    }
}

/// A frame's kind, the offset of its payload, and its length, or `None` while the head is incomplete.
fn head(bytes: &[u8]) -> Option<(Kind, usize, usize)> {
    let kind = match bytes.first()? & 15 {
        2 => Kind::Data,
        9 => Kind::Ping,
        8 => Kind::Close,
        _ => Kind::Other,
    };
    match bytes.get(1)? & 127 {
        126 => Some((kind, 4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).into())),
        127 => Some((kind, 10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?)),
        short => Some((kind, 2, short.into())),
    }
}

/// Appends a client's frame, with a mask of zero.
pub(super) fn put_frame(out: &mut Vec<u8>, kind: Kind, payload: &[u8]) {
    out.push(if kind == Kind::Ping { 0x8a } else { 0x82 });
    match payload.len() {
        len @ 0..126 => out.push(0x80 | len as u8),
        len @ 126..0x1_0000 => {
            out.push(0xfe);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        len => {
            out.push(0xff);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_frame(len: usize) -> Vec<u8> {
        let mut masked = Vec::new();
        put_frame(&mut masked, Kind::Data, &vec![7; len]);
        let start = head(&masked).unwrap().1;
        masked[1] &= 0x7f;
        masked.drain(start..start + 4);
        masked
    }

    #[test]
    fn frames_come_whole_however_they_are_cut() {
        let lengths = [0, 1, 125, 126, 65_535, 65_536, 200_000, 3];
        let stream: Vec<u8> = lengths.iter().flat_map(|len| server_frame(*len)).collect();
        for step in [1, 2, 7, 1_000, 70_000, stream.len()] {
            let mut reader = FrameReader::default();
            let mut seen = Vec::new();
            for part in stream.chunks(step) {
                reader.feed(part, |kind, payload, len| {
                    assert_eq!(kind, Kind::Data);
                    assert!(payload.len() == len || payload.len() >= KEPT - 10);
                    assert!(payload.iter().all(|byte| *byte == 7));
                    seen.push(len);
                });
            }
            assert_eq!(seen, lengths, "in steps of {step}");
        }
    }
}
