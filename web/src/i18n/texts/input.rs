texts! {
    /// What is wrong with what the user typed.
    InputTexts
    amount_not_a_number(text):
        "“{text}” is not an amount: type a number of FED such as 2 or 0.5",
        "„{text}“ ist kein Betrag: Gib eine Zahl von FED ein, etwa 2 oder 0,5";
    amount_too_precise(text):
        "“{text}” has more than 8 decimals; the smallest amount is 0.00000001 FED",
        "„{text}“ hat mehr als 8 Nachkommastellen; der kleinste Betrag ist 0,00000001 FED";
    amount_too_large(text, max):
        "“{text}” is above the largest amount, {max} FED",
        "„{text}“ liegt über dem größten Betrag, {max} FED";
    address_misspelt(text):
        "“{text}” is not an address: it is misspelt or incomplete",
        "„{text}“ ist keine Adresse: Sie ist falsch geschrieben oder unvollständig";
    address_wrong_prefix(got):
        "This address begins with {got}1; addresses here begin with fed1",
        "Diese Adresse beginnt mit {got}1; Adressen hier beginnen mit fed1";
    address_wrong_length(got):
        "An address holds 20 bytes, this text holds {got}",
        "Eine Adresse enthält 20 Byte, dieser Text {got}";
    key_not_hex:
        "This key is not hex: only the digits 0-9 and a-f, in pairs",
        "Dieser Schlüssel ist kein Hex: nur die Ziffern 0-9 und a-f, paarweise";
    key_not_private:
        "This is not a P-256 private key, or only a part of one; in hex such a key begins with 3081870201003013",
        "Das ist kein privater P-256-Schlüssel oder nur ein Teil davon; in Hex beginnt ein solcher mit 3081870201003013";
    key_not_public:
        "This is not a P-256 public key in SPKI DER; such a key begins with 3059301306072a8648ce3d0201",
        "Das ist kein öffentlicher P-256-Schlüssel in SPKI DER; ein solcher beginnt mit 3059301306072a8648ce3d0201";
    key_private_instead_of_public:
        "This is a private key, and a public key is needed here: keep the private key to yourself",
        "Das ist ein privater Schlüssel, hier brauchst du den öffentlichen: Behalte den privaten für dich";
    key_public_instead_of_private:
        "This is a public key, and the private key is needed here",
        "Das ist ein öffentlicher Schlüssel, hier brauchst du den privaten";
    key_encrypted:
        "This key is encrypted: decrypt it first, such as with “openssl pkey -in FILE”",
        "Dieser Schlüssel ist verschlüsselt: entschlüssle ihn zuerst, etwa mit „openssl pkey -in DATEI“";
    key_other_kind(kind):
        "This is no P-256 key but PEM of “{kind}”",
        "Das ist kein P-256-Schlüssel, sondern PEM von „{kind}“";
}
