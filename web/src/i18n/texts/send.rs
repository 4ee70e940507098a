texts! {
    /// Paying.
    SendTexts
    pay_all: "All", "Alles";
    in_payments(n):
        "This takes {n} payments: your coins are too small for one.",
        "Das braucht {n} Zahlungen: Für eine sind deine Münzen zu klein.";
    sent_in_part(sent, why):
        "{sent} FED were sent, the rest was not. {why}",
        "{sent} FED sind gesendet, der Rest nicht. {why}";
    confirmations(n, of): "{n} of {of} confirmations", "{n} von {of} Bestätigungen";
    not_waiting: "This payment is no longer waiting.", "Diese Zahlung wartet nicht mehr.";
    sent_final:
        "This payment was sent as final and cannot be replaced.",
        "Diese Zahlung wurde als endgültig gesendet und lässt sich nicht ersetzen.";
    title: "Pay", "Zahlen";
    recipient: "Recipient", "Empfänger";
    recipient_hint: "fed1… or a public key in hex", "fed1… oder öffentlicher Schlüssel";
    amount: "Amount in FED", "Betrag in FED";
    fee: "Fee in FED", "Gebühr in FED";
    action: "Check and pay", "Prüfen und zahlen";
    confirm_title: "Pay this?", "Diese Zahlung senden?";
    confirm(amount, recipient): "{amount} FED to {recipient}", "{amount} FED an {recipient}";
    confirm_fee(fee, total): "Fee {fee} FED, together {total} FED", "Gebühr {fee} FED, zusammen {total} FED";
    confirm_rest(rest): "{rest} FED remain after that", "Danach bleiben {rest} FED verfügbar";
    to_yourself: "The recipient is yourself.", "Der Empfänger bist du selbst.";
    final_warning: "A payment cannot be taken back.", "Eine Zahlung lässt sich nicht zurücknehmen.";
    confirm_action: "Pay", "Zahlen";
    sending: "Signing and sending …", "Unterschreibt und sendet …";
    payments: "Sent from this tab", "Aus diesem Tab gesendet";
    no_key: "Make or import a key first.", "Leg zuerst einen Schlüssel an oder importiere einen.";
    amount_zero: "The amount must be above zero.", "Der Betrag muss über null liegen.";
    not_enough(needed, spendable):
        "With the fee you need {needed} FED; {spendable} FED can be spent now.",
        "Mit der Gebühr brauchst du {needed} FED; verfügbar sind {spendable} FED.";
    refused(why): "The node did not take the payment: {why}", "Der Knoten hat die Zahlung nicht angenommen: {why}";
    too_many_coins(needed, reach):
        "With the fee you need {needed} FED. Your coins are so small that one payment reaches only {reach} FED: pay in parts.",
        "Mit der Gebühr brauchst du {needed} FED. Deine Münzen sind so klein, dass eine Zahlung nur {reach} FED erreicht: Zahle in Teilen.";
    out_of_range(max):
        "Amount and fee add up to more than {max} FED.",
        "Betrag und Gebühr ergeben zusammen mehr als {max} FED.";
    conflict: "another waiting payment spends the same coins", "eine andere wartende Zahlung gibt dieselben Münzen aus";
    missing_inputs: "its coins are spent already", "ihre Münzen sind schon ausgegeben";
    too_many_ancestors:
        "it builds on too many payments that are waiting themselves; wait for a block",
        "sie baut auf zu vielen Zahlungen auf, die selbst noch warten; warte auf einen Block";
    fee_too_low(min):
        "the fee must be at least {min} FED at the moment",
        "die Gebühr muss gerade mindestens {min} FED betragen";
    pool_full:
        "too many payments are waiting; pay a higher fee or wait",
        "zu viele Zahlungen warten; zahle eine höhere Gebühr oder warte";
    quote_changed:
        "Coins or fees have changed. Check the new figures, then pay.",
        "Deine Münzen oder die Gebühren haben sich geändert. Prüf die neuen Werte, dann zahle.";
}
