texts! {
    /// The passphrase that guards the keys.
    PassphraseTexts
    not_protected:
        "The keys are stored unencrypted in this browser's files. A passphrase protects them from others who use this computer.",
        "Die Schlüssel stehen unverschlüsselt in den Dateien dieses Browsers. Eine Passphrase schützt sie vor anderen, die diesen Rechner benutzen.";
    locked:
        "Locked. The wallet still receives and mines; to pay it asks for the passphrase.",
        "Gesperrt. Das Wallet empfängt und schürft weiter; zum Zahlen fragt es nach der Passphrase.";
    unlocked: "Unlocked until you lock it or close the tab.", "Entsperrt, bis du es sperrst oder den Tab schließt.";
    unlocked_a_while:
        "Unlocked. It locks itself when you do not use this page for a while.",
        "Entsperrt. Es sperrt sich von selbst, wenn du diese Seite eine Weile nicht benutzt.";
    lock: "Lock now", "Jetzt sperren";
    lock_after: "Locks itself after", "Sperrt sich von selbst nach";
    lock_never: "never: only when you close the tab", "nie: erst wenn du den Tab schließt";
    locked_chip: "locked", "gesperrt";
    unlock: "Unlock", "Entsperren";
    label: "Passphrase", "Passphrase";
    set: "Set a passphrase", "Passphrase festlegen";
    change: "Change the passphrase", "Passphrase ändern";
    remove: "Remove the passphrase", "Passphrase entfernen";
    current: "Current passphrase", "Bisherige Passphrase";
    new: "New passphrase", "Neue Passphrase";
    again: "Repeat the new passphrase", "Neue Passphrase wiederholen";
    warning:
        "Without the passphrase nobody can open the keys, not even we. Write it down and keep it away from this computer.",
        "Ohne die Passphrase kann niemand die Schlüssel öffnen, auch wir nicht. Schreib sie auf und bewahre sie getrennt von diesem Rechner auf.";
    short(n):
        "A passphrase has at least {n} characters; several words are easier to remember than symbols.",
        "Eine Passphrase hat mindestens {n} Zeichen; mehrere Wörter merken sich leichter als Sonderzeichen.";
    long(n): "A passphrase has at most {n} characters.", "Eine Passphrase hat höchstens {n} Zeichen.";
    differs: "The two are not the same.", "Die beiden stimmen nicht überein.";
    wrong: "Wrong passphrase.", "Falsche Passphrase.";
    needed: "The wallet is locked. Unlock it first.", "Das Wallet ist gesperrt. Entsperre es zuerst.";
    working: "One moment …", "Einen Moment …";
}
