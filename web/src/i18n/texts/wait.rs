texts! {
    /// How long a payment waits for a block.
    WaitTexts
    quiet(ago):
        "No block for {ago}: perhaps nobody is mining. Your payment waits until somebody does.",
        "Seit {ago} kein Block: Vielleicht mint gerade niemand. Deine Zahlung wartet, bis es jemand tut.";
    none_yet:
        "No block has come yet: perhaps nobody is mining. Your payment waits until somebody does.",
        "Noch kam kein Block: Vielleicht mint gerade niemand. Deine Zahlung wartet, bis es jemand tut.";
    offline:
        "Your node isn’t connected. Your payment waits here and goes out when the connection is back.",
        "Dein Knoten ist nicht verbunden. Deine Zahlung wartet hier und geht hinaus, sobald die Verbindung wieder steht.";
}
