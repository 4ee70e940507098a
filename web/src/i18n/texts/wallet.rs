texts! {
    /// The wallet and its balance.
    WalletTexts
    title: "Wallet", "Wallet";
    intro:
        "You need a key to receive, send and mine. This browser makes it and keeps it. Nobody else has it, and nobody can replace it.",
        "Zum Empfangen, Senden und Minen brauchst du einen Schlüssel. Dieser Browser erzeugt und behält ihn. Niemand sonst hat ihn, und niemand kann ihn ersetzen.";
    spendable: "available", "verfügbar";
    confirmed: "Confirmed", "Bestätigt";
    pending_in: "Incoming", "Eingehend";
    pending_out: "Outgoing", "Ausgehend";
    immature: "Maturing", "Reift noch";
    address: "Your address", "Deine Adresse";
    public_key: "Public key (hex)", "Öffentlicher Schlüssel (Hex)";
    public_key_hint:
        "For programs that take a public key instead of an address, such as the course’s.",
        "Für Programme, die einen öffentlichen Schlüssel statt einer Adresse verlangen, etwa das des Kurses.";
}
