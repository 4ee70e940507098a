texts! {
    /// Why no node runs.
    FailureTexts
    title: "The node does not run", "Der Knoten läuft nicht";
    keys_safe:
        "Your keys and everything stored are not affected.",
        "Deine Schlüssel und alles Gespeicherte sind nicht betroffen.";
    retry: "Start again", "Neu starten";
    no_answer:
        "Its worker does not answer. Its file may be missing on the server, or the browser stopped it.",
        "Sein Worker antwortet nicht. Vielleicht fehlt seine Datei auf dem Server, oder der Browser hat ihn beendet.";
    no_network(why):
        "The relay did not say which network it serves, and this page remembers none: {why}",
        "Das Relay hat nicht gesagt, zu welchem Netz es gehört, und diese Seite hat sich noch keines gemerkt: {why}";
    params(why): "The network's rules contradict each other: {why}", "Die Regeln des Netzes widersprechen sich: {why}";
    storage(why):
        "The browser's storage failed; it may be full or was cleared: {why}",
        "Der Speicher des Browsers ist ausgefallen; vielleicht ist er voll oder wurde gelöscht: {why}";
    corrupt(why):
        "The stored chain is damaged: {why}. Start again to download it anew.",
        "Die gespeicherte Kette ist beschädigt: {why}. Starte neu, dann lädt der Knoten sie noch einmal herunter.";
    other(why): "This should not happen: {why}", "Das sollte nicht vorkommen: {why}";
    stopped: "It was stopped.", "Er ist angehalten.";
}
