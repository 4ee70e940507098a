texts! {
    /// What is wrong with what the user typed.
    InputTexts
    amount_not_a_number(text):
        "“{text}” isn’t an amount. Enter a number such as 2 or 0.5.",
        "„{text}“ ist kein Betrag. Gib eine Zahl wie 2 oder 0,5 ein.";
    amount_too_precise(text):
        "“{text}” has more than 8 decimals. The smallest amount is 0.00000001 FED.",
        "„{text}“ hat mehr als 8 Nachkommastellen. Der kleinste Betrag ist 0,00000001 FED.";
    amount_too_large(text, max):
        "“{text}” is above the largest amount, {max} FED.",
        "„{text}“ liegt über dem größten Betrag, {max} FED.";
    amount_ambiguous(text):
        "“{text}” can mean two amounts. Which one?",
        "„{text}“ kann zweierlei heißen. Was meinst du?";
    address_misspelt(text):
        "“{text}” isn’t an address: it is misspelt or incomplete.",
        "„{text}“ ist keine Adresse: Sie ist falsch geschrieben oder unvollständig.";
    address_wrong_prefix(got):
        "This address begins with {got}1. Addresses here begin with fed1.",
        "Diese Adresse beginnt mit {got}1. Adressen beginnen hier mit fed1.";
    address_wrong_length(got):
        "An address has 20 bytes, this text has {got}.",
        "Eine Adresse hat 20 Byte, dieser Text hat {got}.";
    key_not_hex:
        "This isn’t hex: use only the digits 0-9 and a-f, in pairs.",
        "Das ist kein Hex: Verwende nur die Ziffern 0-9 und a-f, paarweise.";
    key_not_private:
        "This isn’t a P-256 private key, or only a part of one. In hex such a key begins with 3081870201003013.",
        "Das ist kein privater P-256-Schlüssel oder nur ein Teil davon. In Hex beginnt ein solcher mit 3081870201003013.";
    key_not_public:
        "This isn’t a P-256 public key in SPKI DER. Such a key begins with 3059301306072a8648ce3d0201.",
        "Das ist kein öffentlicher P-256-Schlüssel in SPKI DER. Ein solcher beginnt mit 3059301306072a8648ce3d0201.";
    key_private_instead_of_public:
        "This is a private key. Use the public key here, and keep the private one to yourself.",
        "Das ist ein privater Schlüssel. Nimm hier den öffentlichen und behalte den privaten für dich.";
    key_public_instead_of_private:
        "This is a public key. Use the private key here.",
        "Das ist ein öffentlicher Schlüssel. Nimm hier den privaten.";
    key_encrypted:
        "This key is encrypted. Decrypt it first, for example with “openssl pkey -in FILE”.",
        "Dieser Schlüssel ist verschlüsselt. Entschlüssle ihn zuerst, zum Beispiel mit „openssl pkey -in DATEI“.";
    key_other_kind(kind):
        "This isn’t a P-256 key but PEM of “{kind}”.",
        "Das ist kein P-256-Schlüssel, sondern PEM von „{kind}“.";
}
