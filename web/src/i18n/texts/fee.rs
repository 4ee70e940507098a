texts! {
    /// Fees, and raising them.
    FeeTexts
    choice: "Fee", "Gebühr";
    economic: "Economy", "Sparsam";
    usual: "Standard", "Standard";
    urgent: "Fast", "Schnell";
    own: "Custom", "Eigene";
    quoted(fee): "Fee {fee} FED.", "Gebühr {fee} FED.";
    expected(wait): "Expected {wait}.", "Voraussichtlich {wait}.";
    high(fee, amount):
        "A fee of {fee} FED is unusually high for {amount} FED. To pay it anyway, enter it again.",
        "Eine Gebühr von {fee} FED ist für {amount} FED ungewöhnlich hoch. Willst du sie trotzdem zahlen, gib sie noch einmal ein.";
    high_again: "Repeat the fee, in FED", "Gebühr wiederholen, in FED";
    wait_next(time): "in the next block ({time})", "im nächsten Block ({time})";
    wait_blocks(blocks, time): "within {blocks} blocks ({time})", "innerhalb von {blocks} Blöcken ({time})";
    wait_long: "later than in 10 blocks, or not at all", "später als in 10 Blöcken oder gar nicht";
    about_seconds(n): "about {n}\u{a0}s", "etwa {n}\u{a0}s";
    about_minutes(n): "about {n}\u{a0}min", "etwa {n}\u{a0}min";
    bump: "Raise fee", "Gebühr erhöhen";
    bump_title: "Raise the fee", "Gebühr erhöhen";
    bump_hint:
        "The same payment with a higher fee replaces the first. Only one of them can get into a block.",
        "Dieselbe Zahlung mit höherer Gebühr ersetzt die erste. Nur eine von beiden kommt in einen Block.";
    bump_fee: "New fee in FED", "Neue Gebühr in FED";
    bump_now(fee): "It pays {fee} FED now.", "Jetzt zahlt sie {fee} FED.";
    bump_low(least, now):
        "At least {least} FED. It pays {now} FED now, and only a higher fee can take its place.",
        "Mindestens {least} FED. Jetzt zahlt sie {now} FED, und nur eine höhere Gebühr kann sie ersetzen.";
    bump_done: "Raise fee", "Gebühr erhöhen";
}
