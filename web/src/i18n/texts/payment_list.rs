texts! {
    /// The wallet's payments and rewards.
    PaymentListTexts
    with_fee(fee): "fee {fee} FED", "Gebühr {fee} FED";
    moved(to): "Moved to {to}", "Umgebucht auf {to}";
    sent(amount, to): "Sent: {amount} FED to {to}", "Gesendet: {amount} FED an {to}";
    not_counted: "dropped", "verworfen";
    matures(blocks, time):
        "maturing: available in {blocks} blocks ({time})",
        "reift noch: in {blocks} Blöcken verfügbar ({time})";
    matures_next(time):
        "maturing: available after the next block ({time})",
        "reift noch: nach dem nächsten Block verfügbar ({time})";
    all_keys(n): "All {n} keys together", "Alle {n} Schlüssel zusammen";
    source(key, amount): "From {key}: {amount} FED available", "Von {key}: {amount} FED verfügbar";
    asked(amount, to):
        "You are asked to send {amount} FED to {to}. Make or import a key first.",
        "Du sollst {amount} FED an {to} senden. Leg zuerst einen Schlüssel an oder importiere einen.";
    asked_any(to):
        "You are asked to send money to {to}. Make or import a key first.",
        "Du sollst Geld an {to} senden. Leg zuerst einen Schlüssel an oder importiere einen.";
}
