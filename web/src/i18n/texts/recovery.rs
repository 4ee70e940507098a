texts! {
    /// A key as words.
    RecoveryTexts
    show: "Show as 24 words", "Als 24 Wörter zeigen";
    limits:
        "Write these words down in this order. They are this one key: every key has its own. FEDCoin wallets read them; wallets of other coins make another key of them. Whoever has the words has the money.",
        "Schreib diese Wörter in dieser Reihenfolge auf. Sie sind dieser eine Schlüssel: Jeder hat eigene. FEDCoin-Wallets lesen sie; Wallets anderer Währungen machen daraus einen anderen Schlüssel. Wer die Wörter hat, hat das Geld.";
    count(n): "A key has 24 words; here are {n}.", "Ein Schlüssel hat 24 Wörter; hier sind {n}.";
    unknown(place, word):
        "Word {place}, “{word}”, isn’t in the list. Check its spelling.",
        "Wort {place}, „{word}“, steht nicht in der Liste. Prüf, wie es geschrieben wird.";
    checksum:
        "The words don’t fit together: one is wrong or in the wrong place.",
        "Die Wörter passen nicht zusammen: Eines ist falsch oder steht am falschen Platz.";
    not_a_key: "These words aren’t a FEDCoin key.", "Diese Wörter sind kein FEDCoin-Schlüssel.";
    no_list:
        "The list of words couldn’t be loaded. Reload the page and try again.",
        "Die Wortliste ließ sich nicht laden. Lade die Seite neu und versuch es noch einmal.";
}
