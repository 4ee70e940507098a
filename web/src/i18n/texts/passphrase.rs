texts! {
    /// The passphrase that guards the keys.
    PassphraseTexts
    not_protected:
        "Your keys are stored unencrypted. A passphrase protects them from others who use this device.",
        "Deine Schlüssel sind unverschlüsselt gespeichert. Eine Passphrase schützt sie vor anderen, die dieses Gerät benutzen.";
    locked:
        "Locked. The wallet still receives and mines. To send, it asks for the passphrase.",
        "Gesperrt. Die Wallet empfängt und mint weiter. Zum Senden fragt sie nach der Passphrase.";
    unlocked: "Unlocked until you lock it or close the tab.", "Entsperrt, bis du sie sperrst oder den Tab schließt.";
    unlocked_a_while:
        "Unlocked. The wallet locks itself when you don’t use this page for a while.",
        "Entsperrt. Die Wallet sperrt sich von selbst, wenn du diese Seite eine Weile nicht benutzt.";
    lock: "Lock", "Sperren";
    lock_after: "Lock automatically after", "Automatisch sperren nach";
    lock_never: "never, only when you close the tab", "nie, erst wenn du den Tab schließt";
    locked_chip: "locked", "gesperrt";
    unlock: "Unlock", "Entsperren";
    label: "Passphrase", "Passphrase";
    set: "Set passphrase", "Passphrase festlegen";
    change: "Change passphrase", "Passphrase ändern";
    remove: "Remove passphrase", "Passphrase entfernen";
    current: "Current passphrase", "Aktuelle Passphrase";
    new: "New passphrase", "Neue Passphrase";
    again: "Repeat passphrase", "Passphrase wiederholen";
    warning:
        "Without the passphrase nobody can open the keys, not even us. Write it down and keep it away from this device.",
        "Ohne die Passphrase kann niemand die Schlüssel öffnen, auch wir nicht. Schreib sie auf und bewahre sie getrennt von diesem Gerät auf.";
    short(n):
        "Use at least {n} characters. Several words are easier to remember than symbols.",
        "Verwende mindestens {n} Zeichen. Mehrere Wörter merkst du dir leichter als Sonderzeichen.";
    long(n): "Use at most {n} characters.", "Verwende höchstens {n} Zeichen.";
    differs: "The passphrases don’t match.", "Die Passphrasen stimmen nicht überein.";
    wrong: "Wrong passphrase.", "Falsche Passphrase.";
    needed: "The wallet is locked. Unlock it first.", "Die Wallet ist gesperrt. Entsperre sie zuerst.";
    working: "One moment …", "Einen Moment …";
}
