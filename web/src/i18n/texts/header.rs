texts! {
    /// Header and footer.
    HeaderTexts
    tagline: "A full node in this tab", "Ein voller Knoten in diesem Tab";
    network: "Network", "Netz";
    network_id: "Network ID", "Netz-ID";
    language: "Language", "Sprache";
    skip: "Skip to content", "Zum Inhalt springen";
    relay_ready: "Connected to the relay", "Mit dem Relay verbunden";
    relay_ready_http: "Connected to the relay, over HTTP", "Mit dem Relay verbunden, über HTTP";
    relay_connecting: "Connecting to the relay …", "Verbindet sich mit dem Relay …";
    relay_waiting: "Relay doesn’t answer", "Relay antwortet nicht";
    relay_retry(seconds):
        "Relay doesn’t answer, next try in {seconds}\u{a0}s",
        "Relay antwortet nicht, nächster Versuch in {seconds}\u{a0}s";
    no_node: "The node isn’t running", "Der Knoten läuft nicht";
    starting: "Starting …", "Startet …";
    footer:
        "This tab checks every block and payment itself. You trust the relay for two things: this page and the network’s rules come from it.",
        "Dieser Tab prüft jeden Block und jede Zahlung selbst. Zwei Dinge musst du dem Relay glauben: Diese Seite und die Regeln des Netzes kommen von ihm.";
    slot(slot): "Slot {slot}: this tab’s chain and keys", "Speicherplatz {slot}: Kette und Schlüssel dieses Tabs";
}
