texts! {
    /// What a key received and sent.
    HistoryTexts
    title: "History", "Verlauf";
    none:
        "You haven’t received or sent anything yet. Mine a block, or give somebody your address.",
        "Du hast noch nichts empfangen oder gesendet. Mine einen Block oder gib jemandem deine Adresse.";
    mined: "Mining reward", "Mining-Belohnung";
    received(from): "Received from {from}", "Empfangen von {from}";
    paid(to): "Sent to {to}", "Gesendet an {to}";
    to_self: "Sent to yourself", "An dich selbst gesendet";
    newer: "Newer", "Neuere";
    older: "Older", "Ältere";
    csv: "Save as CSV", "Als CSV speichern";
    csv_so_far(n): "1 entry so far" | "{n} entries so far", "Bisher 1 Eintrag" | "Bisher {n} Einträge";
    csv_failed:
        "The history wasn’t saved: the node isn’t running.",
        "Der Verlauf wurde nicht gespeichert: Der Knoten läuft nicht.";
}
