//! Keys are encrypted, decrypted, backed up and restored. Stored data contains no secret in plain text.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_keyring::*;
use fedcoin_primitives::PrivateKey;

fn named(n: u8, name: &str) -> NamedKey {
    NamedKey { name: name.parse().unwrap(), key: PrivateKey::from_random(&[n; 32]).unwrap() }
}

fn phrase(text: &str) -> Passphrase {
    Passphrase::given(text.into(), text.into())
}

/// Two keys, the first in use.
fn ring() -> Keyring {
    let mut ring = Keyring::default();
    ring.add(vec![named(1, "Savings"), named(2, "")]).unwrap();
    ring
}

/// The keyring after a round trip through the database, here as JSON, which has the same types.
fn stored(ring: &Keyring, nonce: u8) -> (Keyring, String) {
    let text = serde_json::to_string(&ring.record([nonce; NONCE_BYTES]).unwrap()).unwrap();
    (Keyring::of(serde_json::from_str(&text).unwrap()), text)
}

fn secrets() -> [String; 2] {
    [1, 2].map(|n| hex::encode([n; 32]))
}

fn hex_of(ring: &Keyring) -> Vec<String> {
    ring.keys().map(|(_, public, _)| ring.private_key(&public.address()).unwrap().to_hex()).collect()
}

#[test]
fn a_passphrase_encrypts_stored_keys() {
    let plain = ring();
    let (same, text) = stored(&plain, 0);
    assert!(text.contains(&secrets()[0]), "without a passphrase the keys are readable");
    assert_eq!((same.protection(), hex_of(&same)), (Protection::None, hex_of(&plain)));

    let mut guarded = plain.clone();
    guarded.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    assert_eq!(guarded.protection(), Protection::Unlocked);
    let (mut locked, text) = stored(&guarded, 1);
    assert!(secrets().iter().all(|secret| !text.contains(secret)), "{text}");
    assert_eq!(locked.protection(), Protection::Locked);
    assert_eq!(locked.selected(), plain.selected());
    let address = locked.selected().unwrap();
    assert_eq!(locked.private_key(&address).unwrap_err(), KeyringError::Locked);
    assert_eq!(locked.selected_key(), plain.selected_key());

    assert_eq!(locked.unlock(&phrase("correct house")), Err(SealError::WrongPassphrase));
    assert_eq!(locked.protection(), Protection::Locked);
    locked.unlock(&phrase("correct horse")).unwrap();
    assert_eq!(hex_of(&locked), hex_of(&plain));
    locked.lock([2; NONCE_BYTES]).unwrap();
    assert!(locked.private_key(&address).is_err());
    locked.unlock(&phrase("correct horse")).unwrap();

    let (old, new) = (phrase("correct horse"), phrase("battery staple"));
    for _ in ["unlocked", "locked"] {
        let mut tried = locked.clone();
        assert_eq!(tried.protect(None, Some(&new), [8; SALT_BYTES]), Err(KeyringError::Locked));
        let wrong = Err(KeyringError::Seal(SealError::WrongPassphrase));
        assert_eq!(tried.protect(Some(&new), Some(&new), [8; SALT_BYTES]), wrong);
        tried.protect(Some(&old), None, [8; SALT_BYTES]).unwrap();
        assert_eq!(hex_of(&tried), hex_of(&plain));
        locked.lock([5; NONCE_BYTES]).unwrap();
    }
    locked.protect(Some(&old), Some(&new), [8; SALT_BYTES]).unwrap();
    let (mut changed, _) = stored(&locked, 3);
    assert_eq!(changed.unlock(&old), Err(SealError::WrongPassphrase));
    changed.unlock(&new).unwrap();
    changed.protect(Some(&new), None, [0; SALT_BYTES]).unwrap();
    assert_eq!(hex_of(&stored(&changed, 4).0), hex_of(&plain));
}

#[test]
fn in_a_locked_wallet_keys_can_only_be_renamed_and_selected() {
    let mut ring = ring();
    let addresses: Vec<_> = ring.keys().map(|(_, public, _)| public.address()).collect();
    ring.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    ring.lock([1; NONCE_BYTES]).unwrap();
    assert_eq!(ring.add(vec![named(3, "")]), Err(KeyringError::Locked));
    assert_eq!(ring.remove(&addresses[0]), Err(KeyringError::Locked));
    assert_eq!(ring.protect(None, None, [0; SALT_BYTES]), Err(KeyringError::Locked));
    ring.rename(&addresses[1], "Spending".parse().unwrap()).unwrap();
    ring.select(&addresses[1]).unwrap();
    ring.note_backup(Some(&addresses[1]));
    let (mut ring, _) = stored(&ring, 2);
    ring.unlock(&phrase("correct horse")).unwrap();
    let seen: Vec<_> = ring.keys().map(|(name, _, copied)| (name.as_str().to_owned(), copied)).collect();
    assert_eq!(seen, [("Savings".to_owned(), false), ("Spending".to_owned(), true)]);
    assert_eq!(ring.selected(), Some(addresses[1]));
    ring.remove(&addresses[1]).unwrap();
    assert_eq!((ring.selected(), ring.keys().count()), (Some(addresses[0]), 1));
    assert_eq!(ring.remove(&addresses[1]), Err(KeyringError::Unknown));
}

#[test]
fn a_backup_restores_names_and_keys_in_another_wallet() {
    let mut ring = ring();
    assert_eq!(ring.backup(None, [1; SALT_BYTES], [1; NONCE_BYTES]), Err(KeyringError::Locked));
    let own = ring.backup(Some(&phrase("on paper")), [1; SALT_BYTES], [1; NONCE_BYTES]).unwrap();
    ring.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    let open = ring.backup(None, [1; SALT_BYTES], [2; NONCE_BYTES]).unwrap();
    ring.lock([3; NONCE_BYTES]).unwrap();
    let locked = ring.backup(None, [1; SALT_BYTES], [4; NONCE_BYTES]).unwrap();
    for (backup, passphrase) in [(own, "on paper"), (open, "correct horse"), (locked, "correct horse")] {
        let backup: Sealed = serde_json::from_str(&serde_json::to_string(&backup).unwrap()).unwrap();
        assert_eq!(open_backup(&backup, &phrase("guess")).unwrap_err(), SealError::WrongPassphrase);
        let mut other = Keyring::default();
        other.add(vec![named(2, "")]).unwrap();
        other.add(open_backup(&backup, &phrase(passphrase)).unwrap()).unwrap();
        assert_eq!(other.keys().count(), 2);
        assert!(other.keys().any(|(name, ..)| name.as_str() == "Savings"));
        assert_eq!(other.selected(), ring.selected());
    }
}

#[test]
fn each_bad_backup_gets_its_error() {
    let good = make_backup(&[named(1, "a")], &phrase("correct horse"), [1; SALT_BYTES], [2; NONCE_BYTES]).unwrap();
    let open = |change: fn(&mut Sealed)| {
        let mut sealed = good.clone();
        change(&mut sealed);
        open_backup(&sealed, &phrase("correct horse")).map(|keys| keys.len())
    };
    assert_eq!(open(|_| {}), Ok(1));
    assert_eq!(open(|s| s.sealed.replace_range(0..2, "zz")), Err(SealError::Format));
    assert_eq!(open(|s| s.sealed.truncate(10)), Err(SealError::WrongPassphrase));
    assert_eq!(open(|s| s.cipher.nonce.replace_range(0..2, "ff")), Err(SealError::WrongPassphrase));
    assert_eq!(open(|s| s.cipher.nonce.truncate(4)), Err(SealError::Format));
    assert_eq!(open(|s| s.kdf.salt.truncate(4)), Err(SealError::Format));
    assert_eq!(open(|s| s.kdf.passes = 1), Err(SealError::WrongPassphrase));
    assert_eq!(open(|s| s.kdf.memory_kib = 1 << 30), Err(SealError::TooCostly));
    assert_eq!(open(|s| s.kdf.passes = 1_000_000), Err(SealError::TooCostly));
    assert_eq!(open(|s| s.kdf.memory_kib = 0), Err(SealError::Format));
    assert_eq!(open(|s| s.version = 2), Err(SealError::Format));
    assert_eq!(open(|s| s.format = "x".into()), Err(SealError::Format));
    let text = |text: &str| {
        let kdf = Kdf::in_use([1; SALT_BYTES]);
        let sealed = SealingKey::derive(&phrase("correct horse"), &kdf).unwrap().seal(text, [3; NONCE_BYTES]).unwrap();
        open_backup(&sealed, &phrase("correct horse")).map(|keys| keys.len())
    };
    let line = format!("{} a b c\n", named(1, "").key.to_hex());
    assert_eq!([text(""), text(&line.repeat(100))], [Ok(0), Ok(100)]);
    assert_eq!([text("hello"), text(&line.repeat(101))], [Err(SealError::Content); 2]);
}

/// A backup of version 1 from 2026-11-23, which later versions must open.
#[test]
fn an_old_backup_stays_readable() {
    let backup: Sealed = serde_json::from_str(include_str!("backup-1.json")).unwrap();
    let keys = open_backup(&backup, &phrase("correct horse battery staple")).unwrap();
    let found: Vec<_> = keys.iter().map(|k| (k.name.as_str(), k.key.to_hex())).collect();
    assert_eq!(found, [("Savings", named(1, "").key.to_hex()), ("für Ann", named(2, "").key.to_hex())]);
}

#[test]
fn records_of_the_first_version_are_read() {
    let keys = secrets().map(|_| named(1, "").key.to_hex());
    let text = format!(r#"{{"keys":["{}"],"selected":null}}"#, keys[0]);
    let record: Record = serde_json::from_str(&text).unwrap();
    assert_eq!(record.unreadable(), 0);
    let ring = Keyring::of(record);
    assert_eq!((ring.keys().count(), ring.selected()), (1, Some(named(1, "").key.public_key().address())));
    let record: Record = serde_json::from_str(r#"{"keys":["00"],"selected":null}"#).unwrap();
    assert_eq!(record.unreadable(), 1);
    assert_eq!(Keyring::of(record).keys().count(), 0);
}

/// Two tabs have one wallet; one of them stores a change, and the other takes it over.
#[test]
fn a_wallet_follows_what_another_tab_has_stored() {
    let (mut one, mut two) = (ring(), ring());
    one.add(vec![named(3, "New")]).unwrap();
    two.follow(one.record([0; NONCE_BYTES]).unwrap());
    assert_eq!(hex_of(&two), hex_of(&one));

    one.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    two.follow(one.record([1; NONCE_BYTES]).unwrap());
    assert_eq!(two.protection(), Protection::Locked, "nobody has typed the passphrase in this tab");
    two.unlock(&phrase("correct horse")).unwrap();
    one.add(vec![named(4, "Newer")]).unwrap();
    two.follow(one.record([2; NONCE_BYTES]).unwrap());
    assert_eq!((two.protection(), hex_of(&two)), (Protection::Unlocked, hex_of(&one)));

    one.protect(Some(&phrase("correct horse")), Some(&phrase("battery staple")), [8; SALT_BYTES]).unwrap();
    two.follow(one.record([3; NONCE_BYTES]).unwrap());
    assert_eq!(two.protection(), Protection::Locked, "the passphrase is another one now");
}

#[test]
fn a_wallet_absorbs_the_keys_of_another_that_it_lacks() {
    let (mut one, mut two) = (ring(), ring());
    one.add(vec![named(3, "One")]).unwrap();
    two.add(vec![named(4, "Two")]).unwrap();
    let mut both = one.clone();
    both.absorb(two.clone());
    assert_eq!(hex_of(&both), [1, 2, 3, 4].map(|n| named(n, "").key.to_hex()));
    assert_eq!(both.selected(), one.selected());
    one.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    one.lock([1; NONCE_BYTES]).unwrap();
    one.absorb(two);
    assert_eq!(one.keys().count(), 3, "a locked wallet stays as it is");
}

#[test]
fn an_unlocked_wallet_is_sealed_at_the_costs_of_today() {
    let phrase = phrase("correct horse");
    let cheap = Kdf { memory_kib: 64, passes: 1, ..Kdf::in_use([1; SALT_BYTES]) };
    let key = named(1, "").key;
    let sealed =
        SealingKey::derive(&phrase, &cheap).unwrap().seal(&format!("{} Old\n", key.to_hex()), [1; NONCE_BYTES]);
    let mut ring = Keyring::of(Record { sealed: Some(sealed.unwrap()), ..Record::default() });
    assert_eq!(ring.raise_costs(&phrase, [2; SALT_BYTES]), Ok(false), "not while it is locked");
    ring.unlock(&phrase).unwrap();
    assert_eq!(ring.raise_costs(&phrase, [2; SALT_BYTES]), Ok(true));
    assert_eq!(ring.raise_costs(&phrase, [3; SALT_BYTES]), Ok(false), "once is enough");
    let record = ring.record([2; NONCE_BYTES]).unwrap();
    assert_eq!(record.sealed.as_ref().unwrap().kdf, Kdf::in_use([2; SALT_BYTES]));
    let mut again = Keyring::of(record);
    again.unlock(&phrase).unwrap();
    assert_eq!(hex_of(&again), [key.to_hex()]);
}

#[test]
fn keys_beyond_what_a_wallet_holds_are_told() {
    let hex = named(1, "").key.to_hex();
    let keys = vec![StoredKey::Bare(hex.into()); 102];
    assert_eq!(Record { keys, ..Record::default() }.unreadable(), 2);
}

#[test]
fn a_wallet_holds_a_hundred_keys() {
    let mut ring = Keyring::default();
    for n in 1..=100 {
        ring.add(vec![named(n, "")]).unwrap();
    }
    assert_eq!(ring.clone().add(vec![named(101, "")]), Err(KeyringError::Full));
    let key = |n: u16| PrivateKey::from_random(&[n.to_be_bytes(); 16].concat().try_into().unwrap()).unwrap();
    let many: Vec<NamedKey> = (1_000..2_000).map(|n| NamedKey { key: key(n), ..named(1, "") }).collect();
    assert_eq!(Keyring::default().add(many.clone()), Err(KeyringError::Full));
    assert_eq!(ring.clone().add(many), Err(KeyringError::Full));
    assert!(ring.add(vec![named(5, "again")]).is_ok(), "it is already in the wallet");
    assert_eq!(ring.keys().count(), 100);
}

#[test]
fn nothing_shows_a_secret() {
    let mut ring = ring();
    let text = |ring: &Keyring| format!("{ring:?} {:?}", named(1, ""));
    assert!(secrets().iter().all(|secret| !text(&ring).contains(secret)));
    ring.protect(None, Some(&phrase("correct horse")), [7; SALT_BYTES]).unwrap();
    assert!(!text(&ring).contains("correct horse") && text(&ring).contains("SealingKey(..)"));
}

/// Writes the file for [`an_old_backup_stays_readable`].
#[test]
#[ignore = "writes a file; run once for each version of the format"]
fn write_backup() {
    let keys = [named(1, "Savings"), named(2, "für Ann")];
    let sealed =
        make_backup(&keys, &phrase("correct horse battery staple"), [0x5a; SALT_BYTES], [0xa5; NONCE_BYTES]).unwrap();
    std::fs::write("tests/backup-1.json", serde_json::to_string_pretty(&sealed).unwrap() + "\n").unwrap();
}

#[test]
fn a_passphrase_matches_in_every_unicode_form() {
    // "ä" as one code point and as two. The first is the normal form.
    let (one, two) = ("sch\u{e4}ferhund", "scha\u{308}ferhund");
    let backup = |passphrase: &Passphrase| make_backup(&[named(1, "Savings")], passphrase, [1; 16], [2; 24]).unwrap();
    let new = backup(&Passphrase::choose(one.into()).unwrap());
    for typed in [one, two] {
        assert!(open_backup(&new, &Passphrase::given(typed.into(), one.into())).is_ok(), "{typed}");
    }
    // From a version that used the text as typed.
    let old = backup(&Passphrase::given(two.into(), two.into()));
    assert!(open_backup(&old, &Passphrase::given(two.into(), one.into())).is_ok());
    let other = open_backup(&old, &Passphrase::given("other".into(), "othe".into()));
    assert_eq!(other.map(|keys| keys.len()), Err(SealError::WrongPassphrase));
}
