texts! {
    /// Keys: names, import, export, removal.
    KeysTexts
    new_key: "New key", "Neuer Schlüssel";
    import: "Import a key", "Schlüssel importieren";
    import_title: "Import a private key", "Privaten Schlüssel importieren";
    import_hint:
        "In hex, as in the course's key files, or PEM. Line breaks do not matter.",
        "In Hex wie in den Schlüsseldateien des Kurses oder als PEM. Zeilenumbrüche stören nicht.";
    import_text: "Private key", "Privater Schlüssel";
    import_file: "or a key file", "oder eine Schlüsseldatei";
    import_action: "Import", "Importieren";
    import_file_large: "This file is too large for a key file.", "Diese Datei ist zu groß für eine Schlüsseldatei.";
    import_file_unreadable: "The browser could not read this file.", "Der Browser konnte diese Datei nicht lesen.";
    export: "Export", "Exportieren";
    export_title: "Export the private key", "Privaten Schlüssel exportieren";
    export_warning:
        "Whoever has the private key has the money. Show it only when nobody looks over your shoulder, and keep it where nobody finds it.",
        "Wer den privaten Schlüssel hat, hat das Geld. Zeig ihn nur, wenn dir niemand über die Schulter sieht, und bewahre ihn auf, wo ihn niemand findet.";
    export_show: "Show the private key", "Privaten Schlüssel zeigen";
    export_save: "Save as file", "Als Datei speichern";
    private_key: "Private key", "Privater Schlüssel";
    remove: "Remove", "Entfernen";
    remove_title: "Remove this key?", "Diesen Schlüssel entfernen?";
    remove_warning(address, amount):
        "This browser deletes the key of {address} for good. Without a copy, its {amount} FED are lost to everybody.",
        "Dieser Browser löscht den Schlüssel von {address} endgültig. Ohne Kopie sind seine {amount} FED für alle verloren.";
    remove_understood:
        "I have a copy of the private key, or do not need it any more.",
        "Ich habe eine Kopie des privaten Schlüssels oder brauche ihn nicht mehr.";
    remove_action: "Remove for good", "Endgültig entfernen";
    in_use: "Key in use", "Verwendeter Schlüssel";
    manage: "Keys", "Schlüssel";
    problem_unknown: "There is no key for this address here.", "Zu dieser Adresse gibt es hier keinen Schlüssel.";
    problem_full(n): "A wallet holds at most {n} keys.", "Ein Wallet fasst höchstens {n} Schlüssel.";
    problem_storage(why):
        "The browser could not store the key. Nothing has changed: {why}",
        "Der Browser konnte den Schlüssel nicht speichern. Es hat sich nichts geändert: {why}";
    key_name: "Name of this key", "Name dieses Schlüssels";
    key_name_hint: "For example: savings", "Zum Beispiel: Erspartes";
    key_name_bad: "A name is one line of at most 40 characters.", "Ein Name ist eine Zeile mit höchstens 40 Zeichen.";
    no_copy: "no copy yet", "noch keine Kopie";
    import_name: "Name (optional)", "Name (kann leer bleiben)";
    remove_type(text):
        "To confirm, type the last six characters of its address: {text}",
        "Tippe zum Bestätigen die letzten sechs Zeichen der Adresse ein: {text}";
    remove_typed: "Last six characters", "Letzte sechs Zeichen";
}
