texts! {
    /// Peers.
    PeerTexts
    title: "Peers", "Peers";
    none: "No peers connected.", "Keine Peers verbunden.";
    height: "Height", "Höhe";
    round_trip: "Ping", "Ping";
    ready: "connected", "verbunden";
    connecting: "connecting", "verbindet sich";
    waiting: "waiting", "wartet";
    idle: "not tried yet", "noch nicht versucht";
    reconnect: "Try now", "Jetzt versuchen";
}
