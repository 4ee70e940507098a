texts! {
    /// Keys: names, import, export, removal.
    KeysTexts
    new_key: "New key", "Neuer Schlüssel";
    made(key, in_use):
        "{key} is your new key. {in_use} stays in use, and your other keys keep their money. Above, you choose which one to use.",
        "{key} ist dein neuer Schlüssel. {in_use} bleibt in Benutzung, und deine anderen Schlüssel behalten ihr Geld. Oben wählst du, welchen du benutzt.";
    import: "Import keys", "Schlüssel importieren";
    import_title: "Import keys or a backup", "Schlüssel oder Sicherung importieren";
    import_hint:
        "As hex, like the course’s key files, or as PEM. Line breaks don’t matter.",
        "Als Hex wie in den Schlüsseldateien des Kurses oder als PEM. Zeilenumbrüche stören nicht.";
    import_text: "Or paste a private key or its 24 words", "Oder einen privaten Schlüssel oder seine 24 Wörter einfügen";
    import_file:
        "Drop a backup or a key file here, or choose one",
        "Zieh eine Sicherung oder Schlüsseldatei hierher oder wähle eine aus";
    import_action: "Import", "Importieren";
    import_file_large: "This file is too large for a key file.", "Diese Datei ist zu groß für eine Schlüsseldatei.";
    import_file_unreadable: "The browser couldn’t read this file.", "Der Browser konnte diese Datei nicht lesen.";
    export: "Export", "Exportieren";
    export_title: "Export the private key", "Privaten Schlüssel exportieren";
    export_warning:
        "Whoever has the private key has the money. Show it only when nobody is watching, and store it where nobody finds it.",
        "Wer den privaten Schlüssel hat, hat das Geld. Zeig ihn nur an, wenn niemand zusieht, und bewahre ihn auf, wo ihn niemand findet.";
    export_show: "Show private key", "Privaten Schlüssel anzeigen";
    export_save: "Save as file", "Als Datei speichern";
    private_key: "Private key", "Privater Schlüssel";
    remove: "Remove", "Entfernen";
    remove_title: "Remove this key?", "Diesen Schlüssel entfernen?";
    remove_warning(address, amount):
        "This browser deletes the key of {address} for good. Without a backup, nobody can ever spend its {amount} FED.",
        "Dieser Browser löscht den Schlüssel von {address} endgültig. Ohne Sicherung kann niemand die {amount} FED je wieder ausgeben.";
    remove_understood:
        "I have a backup of this key or no longer need it.",
        "Ich habe eine Sicherung dieses Schlüssels oder brauche ihn nicht mehr.";
    remove_action: "Remove for good", "Endgültig entfernen";
    in_use: "Send, receive and mine with", "Senden, empfangen und minen mit";
    manage: "Keys and backups", "Schlüssel und Sicherungen";
    problem_unknown: "This wallet has no key for this address.", "Diese Wallet hat keinen Schlüssel zu dieser Adresse.";
    problem_full(n): "A wallet holds at most {n} keys.", "Eine Wallet fasst höchstens {n} Schlüssel.";
    problem_storage(why):
        "The browser couldn’t store the key, so nothing has changed: {why}",
        "Der Browser konnte den Schlüssel nicht speichern, darum hat sich nichts geändert: {why}";
    key_name: "Name of this key", "Name dieses Schlüssels";
    key_name_hint: "For example: savings", "Zum Beispiel: Erspartes";
    key_name_bad: "A name is one line of at most 40 characters.", "Ein Name ist eine Zeile mit höchstens 40 Zeichen.";
    no_copy: "not backed up", "nicht gesichert";
    import_name: "Name (optional)", "Name (optional)";
    remove_type(text):
        "To confirm, type the last six characters of the address: {text}",
        "Tippe zur Bestätigung die letzten sechs Zeichen der Adresse ein: {text}";
    remove_typed: "Last six characters", "Letzte sechs Zeichen";
}
