texts! {
    /// Why no node runs.
    FailureTexts
    title: "The node isn’t running", "Der Knoten läuft nicht";
    keys_safe: "Your keys and stored data are safe.", "Deine Schlüssel und gespeicherten Daten sind sicher.";
    retry: "Restart the node", "Knoten neu starten";
    no_answer:
        "The node’s worker doesn’t answer. The browser may have stopped it.",
        "Der Worker des Knotens antwortet nicht. Vielleicht hat der Browser ihn beendet.";
    no_network(why):
        "The relay didn’t say which network it serves, and this page remembers none: {why}",
        "Das Relay hat nicht gesagt, zu welchem Netz es gehört, und diese Seite hat sich noch keines gemerkt: {why}";
    params: "The network’s rules contradict each other.", "Die Regeln des Netzes widersprechen sich.";
    storage:
        "The browser’s storage failed. It may be full, or somebody cleared it.",
        "Der Speicher des Browsers ist ausgefallen. Vielleicht ist er voll oder jemand hat ihn gelöscht.";
    corrupt:
        "The stored chain is damaged. Restart the node to download it again.",
        "Die gespeicherte Kette ist beschädigt. Starte den Knoten neu, dann lädt er sie erneut herunter.";
    other: "Something unexpected happened.", "Etwas Unerwartetes ist passiert.";
    handed_over:
        "You now use this wallet in another tab. Close this tab, or restart the node here with another wallet.",
        "Du benutzt diese Wallet jetzt in einem anderen Tab. Schließ diesen Tab, oder starte den Knoten hier mit einer anderen Wallet neu.";
    stopped: "The node was stopped.", "Der Knoten wurde angehalten.";
}
