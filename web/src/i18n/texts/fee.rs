texts! {
    /// Fees, and raising them.
    FeeTexts
    choice: "Fee", "Gebühr";
    economic: "Economic", "Sparsam";
    usual: "Usual", "Üblich";
    urgent: "Urgent", "Eilig";
    own: "Own", "Eigene";
    quoted(fee): "Fee {fee} FED.", "Gebühr {fee} FED.";
    expected(wait): "Expected {wait}.", "Voraussichtlich {wait}.";
    high(fee, amount):
        "A fee of {fee} FED is unusually high for {amount} FED. To pay it all the same, type it once more.",
        "{fee} FED Gebühr sind für {amount} FED ungewöhnlich viel. Willst du sie trotzdem zahlen, gib sie noch einmal ein.";
    high_again: "The fee once more, in FED", "Gebühr noch einmal, in FED";
    wait_next(time): "in the next block ({time})", "im nächsten Block ({time})";
    wait_blocks(blocks, time): "within {blocks} blocks ({time})", "innerhalb von {blocks} Blöcken ({time})";
    wait_long: "later than in 10 blocks, or not at all", "später als in 10 Blöcken oder gar nicht";
    about_seconds(n): "about {n}\u{a0}s", "etwa {n}\u{a0}s";
    about_minutes(n): "about {n}\u{a0}min", "etwa {n}\u{a0}min";
    bump: "Raise the fee", "Gebühr erhöhen";
    bump_title: "Raise the fee", "Gebühr erhöhen";
    bump_hint:
        "The same payment with a higher fee replaces the first. Only one of them can be mined.",
        "Dieselbe Zahlung mit höherer Gebühr ersetzt die erste. Nur eine von beiden kommt in einen Block.";
    bump_fee: "New fee in FED", "Neue Gebühr in FED";
    bump_done: "Pay the higher fee", "Höhere Gebühr zahlen";
}
