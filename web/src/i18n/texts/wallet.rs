texts! {
    /// The wallet and its balance.
    WalletTexts
    title: "Wallet", "Wallet";
    intro:
        "To receive, pay and mine you need a key. It is made in this browser and stays here. Nobody else has it, and nobody can replace it.",
        "Zum Empfangen, Zahlen und Schürfen brauchst du einen Schlüssel. Er entsteht in diesem Browser und bleibt hier. Niemand sonst hat ihn, und niemand kann ihn ersetzen.";
    spendable: "can be spent now", "jetzt verfügbar";
    confirmed: "Confirmed", "Bestätigt";
    pending_in: "Coming in", "Eingehend";
    pending_out: "Going out", "Ausgehend";
    immature: "Rewards not yet mature", "Noch nicht reife Belohnungen";
    address: "Your address", "Deine Adresse";
    public_key: "Public key (hex)", "Öffentlicher Schlüssel (Hex)";
    public_key_hint:
        "For programs that name a recipient by the key, such as the course's.",
        "Für Programme, die den Empfänger über seinen Schlüssel ansprechen, wie das des Kurses.";
}
