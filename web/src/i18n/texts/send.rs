texts! {
    /// Sending.
    SendTexts
    pay_all: "All", "Alles";
    in_payments(n):
        "This takes 1 payment." | "This takes {n} payments: your coins are too small for one.",
        "Das braucht 1 Zahlung." | "Das braucht {n} Zahlungen: Für eine sind deine Münzen zu klein.";
    sent_in_part(sent, why):
        "{sent} FED were sent, the rest wasn’t. {why}",
        "{sent} FED sind gesendet, der Rest nicht. {why}";
    confirmations(n, of): "{n} of {of} confirmations", "{n} von {of} Bestätigungen";
    not_waiting: "This payment is no longer waiting.", "Diese Zahlung wartet nicht mehr.";
    sent_final:
        "This payment was sent as final, so you can’t replace it.",
        "Diese Zahlung wurde als endgültig gesendet, du kannst sie nicht ersetzen.";
    title: "Send", "Senden";
    recipient: "Recipient", "Empfänger";
    recipient_hint: "fed1… or a public key in hex", "fed1… oder öffentlicher Schlüssel";
    amount: "Amount in FED", "Betrag in FED";
    fee: "Fee in FED", "Gebühr in FED";
    action: "Review", "Prüfen";
    confirm_title: "Review payment", "Zahlung prüfen";
    confirm_fee(fee, total): "Fee {fee} FED, total {total} FED", "Gebühr {fee} FED, zusammen {total} FED";
    confirm_rest(rest): "{rest} FED remain available", "{rest} FED bleiben verfügbar";
    to_yourself: "You are the recipient.", "Du bist selbst der Empfänger.";
    final_warning: "You can’t take a payment back.", "Du kannst eine Zahlung nicht zurücknehmen.";
    confirm_action: "Send", "Senden";
    sending: "Signing and sending …", "Signiert und sendet …";
    no_key: "Make or import a key first.", "Erzeuge oder importiere zuerst einen Schlüssel.";
    amount_zero: "Enter an amount above zero.", "Gib einen Betrag über null ein.";
    not_enough(needed, spendable):
        "With the fee you need {needed} FED. {spendable} FED are available.",
        "Mit der Gebühr brauchst du {needed} FED. Verfügbar sind {spendable} FED.";
    refused(why): "The node rejected the payment: {why}", "Der Knoten hat die Zahlung abgelehnt: {why}";
    too_many_coins(needed, reach):
        "With the fee you need {needed} FED. Your coins are so small that one payment reaches only {reach} FED. Send smaller amounts.",
        "Mit der Gebühr brauchst du {needed} FED. Deine Münzen sind so klein, dass eine Zahlung nur {reach} FED erreicht. Sende kleinere Beträge.";
    out_of_range(max):
        "Amount and fee add up to more than {max} FED.",
        "Betrag und Gebühr ergeben zusammen mehr als {max} FED.";
    conflict: "another waiting payment spends the same coins", "eine andere wartende Zahlung gibt dieselben Münzen aus";
    missing_inputs: "its coins are already spent", "ihre Münzen sind schon ausgegeben";
    too_many_ancestors:
        "it builds on too many payments that are still waiting. Wait for a block.",
        "sie baut auf zu vielen Zahlungen auf, die selbst noch warten. Warte auf einen Block.";
    fee_too_low(min):
        "the fee must be at least {min} FED right now",
        "die Gebühr muss gerade mindestens {min} FED betragen";
    pool_full:
        "too many payments are waiting. Pay a higher fee, or wait.",
        "zu viele Zahlungen warten. Zahle eine höhere Gebühr oder warte.";
    quote_changed:
        "Your coins or the fees have changed. Check the new figures, then send.",
        "Deine Münzen oder die Gebühren haben sich geändert. Prüfe die neuen Werte und sende dann.";
}
