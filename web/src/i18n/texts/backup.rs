texts! {
    /// Copies of all keys.
    BackupTexts
    action: "Back up", "Sichern";
    title: "Back up all keys", "Alle Schlüssel sichern";
    hint:
        "All keys of this wallet go into one file that only the passphrase opens. Keep it outside this computer. This page and “fedcoin wallet import” can read it.",
        "Alle Schlüssel dieses Wallets kommen in eine Datei, die nur die Passphrase öffnet. Bewahre sie außerhalb dieses Rechners auf. Diese Seite und „fedcoin wallet import“ können sie lesen.";
    own: "The file opens with the wallet's passphrase.", "Die Datei öffnet sich mit der Passphrase des Wallets.";
    save: "Save the backup", "Sicherung speichern";
    saved(name):
        "Saved as {name}. Check that the file is where you want it.",
        "Gespeichert als {name}. Sieh nach, ob die Datei am richtigen Ort liegt.";
    reminder(amount):
        "Only this browser has the keys to {amount} FED. If somebody clears its site data, the money is gone.",
        "Nur dieser Browser hat die Schlüssel zu {amount} FED. Löscht jemand seine Websitedaten, ist das Geld weg.";
    reminder_may_be_cleared(amount):
        "Only this browser has the keys to {amount} FED, and it does not promise to keep them. If space runs short or somebody clears its site data, the money is gone.",
        "Nur dieser Browser hat die Schlüssel zu {amount} FED, und er verspricht nicht, sie zu behalten. Wird der Platz knapp oder löscht jemand seine Websitedaten, ist das Geld weg.";
    opens: "This is a backup. Its passphrase opens it.", "Das ist eine Sicherung. Ihre Passphrase öffnet sie.";
    not_a_backup:
        "This is not a key backup that this version can read.",
        "Das ist keine Schlüsselsicherung, die diese Version lesen kann.";
    too_costly:
        "This backup demands too much memory or time. No honest backup does.",
        "Diese Sicherung verlangt zu viel Speicher oder Zeit. Keine ehrliche tut das.";
}
