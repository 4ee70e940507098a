texts! {
    /// Words used everywhere.
    CommonTexts
    copy: "Copy", "Kopieren";
    copied: "Copied", "Kopiert";
    copy_failed:
        "The browser doesn’t let this page copy. Select the text and copy it yourself.",
        "Der Browser lässt diese Seite nicht kopieren. Markiere den Text und kopiere ihn selbst.";
    close: "Close", "Schließen";
    cancel: "Cancel", "Abbrechen";
    details: "Details", "Einzelheiten";
    loading: "Loading …", "Lädt …";
    you: "you", "du";
    just_now: "just now", "gerade eben";
    seconds_ago(n): "{n}\u{a0}s ago", "vor {n}\u{a0}s";
    minutes_ago(n): "{n}\u{a0}min ago", "vor {n}\u{a0}min";
    hours_ago(n): "{n}\u{a0}h ago", "vor {n}\u{a0}h";
    days_ago(n): "1\u{a0}day ago" | "{n}\u{a0}days ago", "vor 1\u{a0}Tag" | "vor {n}\u{a0}Tagen";
    not_running: "The node isn’t running.", "Der Knoten läuft nicht.";
}
