use core::fmt::Write;
use fedcoin_primitives::PrivateKey;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Number of words that a key becomes: 256 bits and 8 of checksum, 11 a word.
pub const WORDS: usize = 24;
/// Number of words in the list.
const LIST: usize = 2_048;
/// Minimum number of words in a text that is probably a key, perhaps an incomplete one.
const LIKE_WORDS: usize = 6;
/// Number of letters that tell all words of the list apart.
const PREFIX: usize = 4;
/// What the lines around a key in PEM have.
const PEM: &str = "-----";
/// Bits of a word.
const BITS: usize = 11;

/// The English word list of BIP-39. Who needs it seldom, such as a page, loads its text instead of carrying it.
#[derive(Clone, Debug)]
pub struct WordList<'a>(Vec<&'a str>);

/// A text is not the words of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Too few or too many.
    #[error("a key has {WORDS} words, this text has {0}")]
    Count(usize),
    /// A word is not in the list.
    #[error("word {place}, `{word}`, is not in the list of words")]
    Unknown {
        /// Which of them, counted from 1.
        place: usize,
        /// The word, shortened.
        word: String,
    },
    /// All are words of the list, but one of them is wrong or in the wrong place.
    #[error("the checksum of these words is wrong: a word is wrong or in the wrong place")]
    Checksum,
    /// The words encode a number that is no P-256 key.
    #[error("these words are no P-256 key")]
    NotAKey,
}

impl<'a> WordList<'a> {
    /// Reads the list's text, one word a line in the order of the alphabet; `None` if it is another list.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        (words.len() == LIST && words.is_sorted()).then_some(Self(words))
    }

    /// The words of a key: BIP-39's encoding of its 32 bytes. They are the key itself and not a seed from which keys
    /// are derived.
    #[must_use]
    pub fn words(&self, key: &PrivateKey) -> Zeroizing<String> {
        self.encode(&Zeroizing::new(key.secret()))
    }

    /// Reads the words of a key. Case, white space, commas and the numbers of a list do not matter, and the first
    /// four letters of a word are enough.
    ///
    /// # Errors
    /// [`WordsError`].
    pub fn private_key(&self, text: &str) -> Result<PrivateKey, WordsError> {
        let secret = self.decode(text)?;
        PrivateKey::from_random(&secret).ok_or(WordsError::NotAKey)
    }

    fn encode(&self, secret: &[u8; 32]) -> Zeroizing<String> {
        let bytes = with_checksum(secret);
        let bit = |at: usize| usize::from((bytes[at / 8] >> (7 - at % 8)) & 1);
        // Reserved in one piece, because a growing text leaves copies in memory.
        let mut text = Zeroizing::new(String::with_capacity(WORDS * 9));
        for place in 0..WORDS {
            let index = (place * BITS..(place + 1) * BITS).fold(0, |index, at| (index << 1) | bit(at));
            let gap = if place == 0 { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(*text, "{gap}{}", self.0[index]);
        }
        text
    }

    fn decode(&self, text: &str) -> Result<Zeroizing<[u8; 32]>, WordsError> {
        let text = Zeroizing::new(text.to_lowercase());
        let mut bytes = Zeroizing::new([0; 33]);
        let mut count = 0;
        for word in words_of(&text) {
            let place = count;
            count += 1;
            let index = self.index(word).ok_or_else(|| WordsError::unknown(count, word))?;
            if place >= WORDS {
                continue;
            }
            for bit in 0..BITS {
                let at = place * BITS + bit;
                let is_set = (index >> (BITS - 1 - bit)) & 1 == 1;
                bytes[at / 8] |= u8::from(is_set) << (7 - at % 8);
            }
        }
        if count != WORDS {
            return Err(WordsError::Count(count));
        }
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(&bytes[..32]);
        if *with_checksum(&secret) == *bytes { Ok(secret) } else { Err(WordsError::Checksum) }
    }

    /// The place of a word, or of the only one that begins with these letters.
    fn index(&self, word: &str) -> Option<usize> {
        let at = self.0.partition_point(|listed| *listed < word);
        let begins = |at: usize| self.0.get(at).is_some_and(|listed| listed.starts_with(word));
        let is_word = self.0.get(at) == Some(&word);
        (is_word || word.len() >= PREFIX && begins(at) && !begins(at + 1)).then_some(at)
    }
}

impl WordsError {
    fn unknown(place: usize, word: &str) -> Self {
        Self::Unknown { place, word: word.chars().take(20).collect() }
    }
}

/// The words in a text, without what else a list has: numbers, full stops, commas, dashes.
fn words_of(text: &str) -> impl Iterator<Item = &str> + Clone {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | ')' | ':'));
    words.map(|word| word.trim_matches(|c: char| !c.is_alphabetic())).filter(|word| !word.is_empty())
}

/// The key's bytes and the first byte of their hash.
fn with_checksum(secret: &[u8; 32]) -> Zeroizing<[u8; 33]> {
    let mut bytes = Zeroizing::new([0; 33]);
    bytes[..32].copy_from_slice(secret);
    bytes[32] = Sha256::digest(secret)[0];
    bytes
}

/// Whether a text may be the words of a key rather than a key in another form: several words of letters, maybe
/// numbered, and neither hex in groups nor PEM.
#[must_use]
pub fn looks_like_words(text: &str) -> bool {
    let mut words = words_of(text).filter(|word| word.chars().all(char::is_alphabetic));
    words.clone().count() >= LIKE_WORDS
        && words.any(|word| !word.chars().all(|c| c.is_ascii_hexdigit()))
        && !text.contains(PEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::ENGLISH_WORDS as ENGLISH;

    const SECRET: &str = "12bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0";

    fn list() -> WordList<'static> {
        WordList::read(ENGLISH).unwrap()
    }

    fn key() -> PrivateKey {
        PrivateKey::from_random(&hex::decode(SECRET).unwrap().try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_list_is_that_of_bip_39() {
        let digest = hex::encode(Sha256::digest(ENGLISH));
        assert_eq!(digest, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
        assert!(WordList::read(&ENGLISH.replace("zoo\n", "")).is_none());
        assert!(WordList::read(&ENGLISH.replace("abandon", "zzz")).is_none());
    }

    #[test]
    fn the_vectors_of_bip_39_hold() {
        for (byte, words) in [
            (0x00, format!("{}art", "abandon ".repeat(23))),
            (
                0x7f,
                format!("{0}{0}{0}title", "legal winner thank year wave sausage worth useful ")
                    .replace("useful title", "title"),
            ),
            (
                0x80,
                format!("{0}{0}{0}bless", "letter advice cage absurd amount doctor acoustic avoid ")
                    .replace("avoid bless", "bless"),
            ),
            (0xff, format!("{}vote", "zoo ".repeat(23))),
        ] {
            assert_eq!(list().encode(&[byte; 32]).as_str(), words);
            assert_eq!(list().decode(&words).as_deref(), Ok(&[byte; 32]));
        }
        assert_eq!(list().private_key(&format!("{}art", "abandon ".repeat(23))).err(), Some(WordsError::NotAKey));
    }

    #[test]
    fn words_are_the_key() {
        let words = list().words(&key());
        assert_eq!(words.split(' ').count(), WORDS);
        let typed = format!("  {}\n", words.to_uppercase().replacen(' ', "\r\n\t", 5));
        assert_eq!(list().private_key(&typed).unwrap().to_hex(), key().to_hex());
    }

    #[test]
    fn lists_and_short_words_are_read() {
        let words = list().words(&key());
        let words: Vec<&str> = words.split(' ').collect();
        let read = |text: &str| {
            assert!(looks_like_words(text), "{text}");
            list().private_key(text).map(|key| key.to_hex())
        };
        let join = |form: &dyn Fn(usize, &str) -> String, gap: &str| {
            words.iter().enumerate().map(|(i, word)| form(i + 1, word)).collect::<Vec<_>>().join(gap)
        };
        let short = |word: &str| word.chars().take(PREFIX).collect::<String>();
        for text in [
            join(&|n, word| format!("{n}. {word}"), "\n"),
            join(&|n, word| format!("{n}) {}", word.to_uppercase()), "\r\n\r\n"),
            join(&|n, word| format!("{n}.{word}"), " "),
            join(&|n, word| format!("{n}{word}"), ", "),
            join(&|n, word| format!("#{n}: {word}"), "; "),
            join(&|n, word| format!("{n}\u{a0}\u{a0}{word}"), "\t"),
            join(&|_, word| format!("- {word}"), "\n"),
            join(&|_, word| short(word), " "),
            join(&|n, word| format!("{n}. {}", short(word)), " "),
            words.join(","),
        ] {
            assert_eq!(read(&text).as_deref(), Ok(key().to_hex().as_str()), "{text}");
        }
        assert!(words.iter().any(|word| word.len() > PREFIX), "else nothing was short");
    }

    #[test]
    fn the_first_letters_tell_all_words_apart() {
        let all = list();
        for (at, word) in all.0.iter().enumerate() {
            let short: String = word.chars().take(PREFIX).collect();
            assert_eq!((all.index(word), all.index(&short)), (Some(at), Some(at)), "{word}");
        }
        for wrong in ["", "go", "gos", "gospels", "abandonx", "zzzz", "ä"] {
            assert_eq!(all.index(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let words = list().words(&key());
        let words: Vec<&str> = words.split(' ').collect();
        let error = |words: &[&str]| list().private_key(&words.join(" ")).err();
        assert_eq!(error(&words[..23]), Some(WordsError::Count(23)));
        assert_eq!(error(&[words.as_slice(), &words].concat()), Some(WordsError::Count(48)));
        let mut wrong = words.clone();
        wrong[4] = "fedcoin";
        assert_eq!(error(&wrong), Some(WordsError::Unknown { place: 5, word: "fedcoin".into() }));
        // Of too few words, the wrong one is the better hint: one may have been torn apart.
        assert_eq!(error(&wrong[1..]), Some(WordsError::Unknown { place: 4, word: "fedcoin".into() }));
        let typed = "1. gosp3l 2. zoo";
        assert_eq!(list().private_key(typed).err(), Some(WordsError::Unknown { place: 1, word: "gosp3l".into() }));
        // The checksum has 8 bits: of the other words, all but one in 256 are found out.
        let all = list();
        let caught = all.0.iter().filter(|word| {
            wrong[4] = **word;
            error(&wrong) == Some(WordsError::Checksum)
        });
        assert!(caught.count() > LIST * 98 / 100);
    }

    #[test]
    fn words_are_told_from_other_texts() {
        assert!(looks_like_words(&list().words(&key())) && looks_like_words("face add\nzoo add add add"));
        assert!(looks_like_words("1. zoo 2. add 3. add 4. add 5. g0spel 6. add 7. add"), "a wrong word is to be named");
        let pem = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----";
        for other in
            ["", "my key", SECRET, "dead beef dead beef dead beef", "1. dead 2. beef 3. 12aa 4. a 5. b 6. c", pem]
        {
            assert!(!looks_like_words(other), "{other}");
        }
    }
}
