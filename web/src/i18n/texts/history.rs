texts! {
    /// What a key received and paid.
    HistoryTexts
    title: "History", "Verlauf";
    none:
        "You have not received or paid anything yet. Mine a block, or give somebody your address.",
        "Du hast noch nichts erhalten oder gezahlt. Schürfe einen Block oder gib jemandem deine Adresse.";
    mined: "Mining reward", "Mining-Belohnung";
    received(from): "Received from {from}", "Erhalten von {from}";
    paid(to): "Paid to {to}", "Gezahlt an {to}";
    to_self: "Paid to yourself", "An dich selbst gezahlt";
    newer: "Newer", "Neuere";
    older: "Older", "Ältere";
    csv: "Save as CSV", "Als CSV speichern";
    csv_so_far(n): "Entries so far: {n}", "Einträge bisher: {n}";
    csv_failed:
        "The history was not saved: the node is not running.",
        "Der Verlauf ist nicht gespeichert: Der Knoten läuft nicht.";
}
