use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedcoin_primitives::{KeyError, PrivateKey, PublicKey};
use zeroize::Zeroizing;

/// Maximum size in bytes of a key in binary form.
const MAX_KEY_BYTES: usize = 500;
/// Invisible characters and quotation marks that editors and web pages put around a key.
const AROUND: &str = "\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}\u{ad}\"'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}\u{201a}\u{ab}\u{bb}";

/// Decodes the text of a key file or a backup: UTF-8 or UTF-16, with or without a byte order mark. A key in binary form
/// becomes its hex digits. Returns `None` if it is neither.
#[must_use]
pub fn text_of(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Zeroizing<Vec<u16>> =
            Zeroizing::new(bytes.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect());
        String::from_utf16(&units).ok().map(Zeroizing::new)
    };
    let zeros_at = |at: usize| bytes.len() >= 4 && bytes.iter().skip(at).step_by(2).all(|byte| *byte == 0);
    match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => std::str::from_utf8(text).ok().map(|text| Zeroizing::new(text.to_owned())),
        [0xff, 0xfe, text @ ..] => utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => utf16(text, u16::from_be_bytes),
        text if zeros_at(1) => utf16(text, u16::from_le_bytes),
        text if zeros_at(0) => utf16(text, u16::from_be_bytes),
        text => match std::str::from_utf8(text) {
            Ok(text) => Some(Zeroizing::new(text.to_owned())),
            Err(_) if bytes.len() <= MAX_KEY_BYTES => {
                let is_key = PrivateKey::from_der(bytes).is_ok() || PublicKey::from_der(bytes).is_ok();
                is_key.then(|| Zeroizing::new(hex::encode(bytes)))
            }
            Err(_) => None,
        },
    }
}

/// Reads a private key in a common format: hex digits, with or without `0x`, or PEM; PKCS#8, SEC1 or the bare 32 bytes.
///
/// # Errors
/// [`KeyError`]: what was found instead.
pub fn private_key(text: &str) -> Result<PrivateKey, KeyError> {
    PrivateKey::from_der(&bytes_of(text)?)
}

/// Reads a public key in a common format: hex digits, with or without `0x`, or PEM; SPKI, or the curve's point.
///
/// # Errors
/// [`KeyError`]: what was found instead.
pub fn public_key(text: &str) -> Result<PublicKey, KeyError> {
    PublicKey::from_der(&bytes_of(text)?)
}

fn bytes_of(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| !AROUND.contains(*c)).collect());
    if text.contains("-----BEGIN ") {
        return bytes_of_pem(&text);
    }
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let digits: Zeroizing<String> =
        Zeroizing::new(digits.chars().filter(|c| !c.is_whitespace() && *c != ':').collect());
    hex::decode(digits.as_bytes()).map(Zeroizing::new).map_err(|_| KeyError::NotHex)
}

/// Finds the key in a PEM file, which may contain other data before it.
fn bytes_of_pem(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut found = None;
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----").unwrap_or((block, ""));
        let body = rest.split("-----END").next().unwrap_or_default();
        match label {
            "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted),
            "EC PRIVATE KEY" if body.contains("ENCRYPTED") => return Err(KeyError::Encrypted),
            "PRIVATE KEY" | "EC PRIVATE KEY" | "PUBLIC KEY" => {
                let digits: Zeroizing<String> = Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
                return STANDARD.decode(digits.as_bytes()).map(Zeroizing::new).map_err(|_| KeyError::DamagedPem);
            }
            other => found = Some(other.chars().take(40).collect::<String>()),
        }
    }
    Err(KeyError::OtherKind(found.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same key in each form, as `openssl` writes them.
    const SECRET: &str = "12bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0";
    const POINT: &str = "043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

    fn key() -> PrivateKey {
        PrivateKey::from_random(&hex::decode(SECRET).unwrap().try_into().unwrap()).unwrap()
    }

    fn sec1() -> String {
        format!("30770201010420{SECRET}a00a06082a8648ce3d030107a144034200{POINT}")
    }

    fn pem(label: &str, hex: &str) -> String {
        let body = STANDARD.encode(hex::decode(hex).unwrap());
        let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\r\n{}\r\n-----END {label}-----\r\n", lines.join("\r\n"))
    }

    #[test]
    fn private_keys_are_read_in_all_usual_forms() {
        let pkcs8 = key().to_hex();
        for text in [
            pkcs8.clone(),
            pkcs8.to_uppercase(),
            format!("0x{pkcs8}"),
            format!("\"{pkcs8}\"\n"),
            format!("\u{201e}{pkcs8}\u{201c}"),
            format!("\u{feff}{}\u{200b}{}", &pkcs8[..20], &pkcs8[20..]),
            format!("{}\r\n {}", &pkcs8[..64], &pkcs8[64..]),
            SECRET.to_owned(),
            format!("0x{SECRET}"),
            sec1(),
            pem("PRIVATE KEY", &pkcs8),
            pem("EC PRIVATE KEY", &sec1()),
            format!("{}{}", pem("EC PARAMETERS", "06082a8648ce3d030107"), pem("EC PRIVATE KEY", &sec1())),
        ] {
            assert_eq!(private_key(&text).map(|key| key.to_hex()), Ok(pkcs8.clone()), "{text}");
        }
    }

    #[test]
    fn public_keys_are_read_in_all_usual_forms() {
        let public = key().public_key();
        let spki = public.to_hex().unwrap();
        let compressed = hex::encode(public.as_bytes());
        for text in [
            spki.clone(),
            format!("'0x{spki}'").replace('\'', ""),
            POINT.to_owned(),
            compressed,
            pem("PUBLIC KEY", &spki),
        ] {
            assert_eq!(public_key(&text), Ok(public), "{text}");
        }
    }

    #[test]
    fn errors_name_what_was_found_instead_of_a_key() {
        let key_error = |text: &str| private_key(text).map(|_| ()).unwrap_err();
        let (pkcs8, spki) = (key().to_hex(), key().public_key().to_hex().unwrap());
        assert_eq!(key_error("hello"), KeyError::NotHex);
        assert_eq!(key_error("00ff"), KeyError::NotAPrivateKey);
        assert_eq!(key_error(&"00".repeat(32)), KeyError::NotAPrivateKey);
        assert_eq!(key_error(&spki), KeyError::PublicInsteadOfPrivate);
        assert_eq!(key_error(&pem("PUBLIC KEY", &spki)), KeyError::PublicInsteadOfPrivate);
        assert_eq!(key_error(&pem("ENCRYPTED PRIVATE KEY", &pkcs8)), KeyError::Encrypted);
        assert_eq!(key_error(&pem("CERTIFICATE", &pkcs8)), KeyError::OtherKind("CERTIFICATE".into()));
        assert_eq!(key_error("-----BEGIN PRIVATE KEY-----\n!\n-----END"), KeyError::DamagedPem);
        for text in [&pkcs8, SECRET, &sec1(), &pem("PRIVATE KEY", &pkcs8)] {
            assert_eq!(public_key(text), Err(KeyError::PrivateInsteadOfPublic), "{text}");
        }
    }

    #[test]
    fn texts_of_all_editors_and_binary_keys_are_read() {
        let text = "{\"a\": 1}\r\n";
        let units = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let (le, be) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(),
            [&[0xff, 0xfe], &le[..]].concat(),
            [&[0xfe, 0xff], &be[..]].concat(),
            le,
            be,
        ] {
            assert_eq!(text_of(&bytes).as_ref().map(|text| text.as_str()), Some(text), "{bytes:?}");
        }
        for binary in [key().to_hex(), sec1(), SECRET.to_owned()] {
            let found = text_of(&hex::decode(&binary).unwrap()).unwrap();
            assert_eq!(private_key(&found).unwrap().to_hex(), key().to_hex());
        }
        assert_eq!(text_of(&[0x80; 40]), None);
        assert_eq!(text_of(&[0x80; 5_000]), None);
    }
}
