texts! {
    /// Copies of all keys.
    BackupTexts
    action: "Back up", "Sichern";
    title: "Back up all keys", "Alle Schlüssel sichern";
    hint:
        "A backup is one file with all keys of this wallet. Only the passphrase opens it. Keep it away from this device. This page and “fedcoin wallet import” can read it.",
        "Eine Sicherung ist eine Datei mit allen Schlüsseln dieser Wallet. Nur die Passphrase öffnet sie. Bewahre sie getrennt von diesem Gerät auf. Diese Seite und „fedcoin wallet import“ können sie lesen.";
    own: "The wallet’s passphrase opens the file.", "Die Passphrase der Wallet öffnet die Datei.";
    save: "Save backup", "Sicherung speichern";
    saved(name):
        "Saved as {name}. Check that the file is where you want it.",
        "Gespeichert als {name}. Prüfe, ob die Datei am richtigen Ort liegt.";
    reminder(amount):
        "Only this browser has the keys to {amount} FED. If somebody clears its site data, the money is gone.",
        "Nur dieser Browser hat die Schlüssel zu {amount} FED. Löscht jemand seine Websitedaten, ist das Geld weg.";
    reminder_may_be_cleared(amount):
        "Only this browser has the keys to {amount} FED, and it may delete them if space runs short. If it does, or if somebody clears its site data, the money is gone.",
        "Nur dieser Browser hat die Schlüssel zu {amount} FED, und er darf sie löschen, wenn der Platz knapp wird. Tut er das oder löscht jemand seine Websitedaten, ist das Geld weg.";
    opens:
        "This file is a backup. Its passphrase opens it.",
        "Diese Datei ist eine Sicherung. Ihre Passphrase öffnet sie.";
    not_a_backup:
        "This isn’t a backup that this version can read.",
        "Das ist keine Sicherung, die diese Version lesen kann.";
    too_costly:
        "This backup demands more memory or time than any real backup does, so it isn’t opened.",
        "Diese Sicherung verlangt mehr Speicher oder Zeit als jede echte und wird darum nicht geöffnet.";
}
