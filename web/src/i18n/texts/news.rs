texts! {
    /// What just happened to the user's money.
    NewsTexts
    received(amount): "You received {amount} FED", "Du hast {amount} FED empfangen";
    received_more(n, amount):
        "You received {n} payments: {amount} FED together",
        "Du hast {n} Zahlungen empfangen: zusammen {amount} FED";
    mined(amount): "You mined a block: {amount} FED", "Du hast einen Block gemint: {amount} FED";
    mined_more(n, amount):
        "You mined {n} blocks: {amount} FED together",
        "Du hast {n} Blöcke gemint: zusammen {amount} FED";
    show: "Show", "Anzeigen";
    sound:
        "Play a sound when a payment comes in or you mine a block",
        "Einen Ton spielen, wenn eine Zahlung eingeht oder du einen Block minst";
}
