texts! {
    /// Peers.
    PeerTexts
    title: "Peers", "Peers";
    none: "No peer is connected.", "Gerade ist kein Peer verbunden.";
    height: "Height", "Höhe";
    round_trip: "Round trip", "Antwortzeit";
    ready: "connected", "verbunden";
    connecting: "connecting", "verbindet";
    waiting: "waiting", "wartet";
    idle: "not tried yet", "noch nicht versucht";
    reconnect: "Try now", "Jetzt versuchen";
}
