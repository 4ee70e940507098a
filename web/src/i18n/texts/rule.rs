texts! {
    /// The rules that a user may meet, by their numbers in `docs/protocol.md`.
    RuleTexts
    h3: "the proof of work is missing", "der Proof of Work fehlt";
    h4: "the target is wrong", "der Zielwert stimmt nicht";
    h5:
        "its time isn’t after the median of the previous blocks",
        "seine Zeit liegt nicht nach dem Median der Vorgänger";
    h6: "its time is too far ahead of this device’s clock", "seine Zeit ist der Uhr dieses Geräts zu weit voraus";
    b1: "the block is too large", "der Block ist zu groß";
    b2: "it has too many or too few payments", "er hat zu viele oder zu wenige Zahlungen";
    b3: "its payments don’t match its header", "seine Zahlungen passen nicht zum Blockkopf";
    coins: "the coins don’t exist or are already spent", "die Münzen gibt es nicht, oder sie sind schon ausgegeben";
    b6: "the reward is too high", "die Belohnung ist zu hoch";
    c2: "the coins belong to somebody else", "die Münzen gehören jemand anderem";
    c3: "a payment spends more than its coins are worth", "eine Zahlung gibt mehr aus, als ihre Münzen wert sind";
    c4: "a mining reward is still maturing", "eine Mining-Belohnung reift noch";
    t9: "the signature is wrong", "die Signatur stimmt nicht";
    p1: "the payment is already waiting", "die Zahlung wartet schon";
    p2: "another waiting payment spends the same coins", "eine andere wartende Zahlung gibt dieselben Münzen aus";
    chained: "too many waiting payments build on each other", "zu viele wartende Zahlungen bauen aufeinander auf";
    full: "too many payments are waiting", "zu viele Zahlungen warten";
    fee: "the fee is too low", "die Gebühr ist zu niedrig";
    replacement_fee:
        "the fee is too low to replace the waiting payment",
        "die Gebühr ist zu niedrig, um die wartende Zahlung zu ersetzen";
    /// What is broken and the rule’s number.
    broken(what, rule): "{what} (rule {rule})", "{what} (Regel {rule})";
    other(error): "the node says: {error}", "der Knoten meldet: {error}";
}
