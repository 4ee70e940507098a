texts! {
    /// Names for addresses of others.
    ContactsTexts
    action: "Address book", "Adressbuch";
    hint:
        "Names for addresses that you send to. They stay in this browser; nobody else sees them.",
        "Namen für Adressen, an die du sendest. Sie bleiben in diesem Browser; niemand sonst sieht sie.";
    none: "No names yet.", "Noch keine Namen.";
    name: "Name", "Name";
    address: "Address", "Adresse";
    save: "Save", "Speichern";
    pay: "Send", "Senden";
    remove: "Delete", "Löschen";
    full(n): "The address book holds at most {n} names.", "Das Adressbuch fasst höchstens {n} Namen.";
    name_needed: "Enter a name of at most 40 characters.", "Gib einen Namen mit höchstens 40 Zeichen ein.";
}
