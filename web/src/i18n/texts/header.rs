texts! {
    /// Header and footer.
    HeaderTexts
    tagline: "A full node in this tab", "Vollständiger Knoten im Tab";
    network: "Network", "Netz";
    network_id: "Network ID", "Netz-ID";
    language: "Language", "Sprache";
    skip: "To the contents", "Zum Inhalt";
    relay_ready: "Connected to the relay", "Mit dem Relay verbunden";
    relay_connecting: "Connecting to the relay …", "Verbindet sich mit dem Relay …";
    relay_waiting: "Relay does not answer", "Relay antwortet nicht";
    relay_retry(seconds):
        "Relay does not answer, next try in {seconds}\u{a0}s",
        "Relay antwortet nicht, nächster Versuch in {seconds}\u{a0}s";
    no_node: "The node does not run", "Der Knoten läuft nicht";
    starting: "Starting …", "Startet …";
    footer:
        "This tab checks every block and payment itself. It trusts neither the relay nor other tabs.",
        "Dieser Tab prüft jeden Block und jede Zahlung selbst. Er vertraut weder dem Relay noch anderen Tabs.";
    slot(slot): "Slot {slot}: chain and keys of this tab", "Platz {slot}: Kette und Schlüssel dieses Tabs";
}
