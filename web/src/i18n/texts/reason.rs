texts! {
    /// Why a connection ended, a payment was dropped, a block was not stored.
    ReasonTexts
    shutting_down: "the node is shutting down", "der Knoten hält an";
    wrong_network: "the nodes are on different networks", "die Knoten gehören zu verschiedenen Netzen";
    wrong_version:
        "the nodes use different versions of the protocol",
        "die Knoten nutzen verschiedene Versionen des Protokolls";
    self_connection: "the node connected to itself", "der Knoten hat sich mit sich selbst verbunden";
    duplicate: "the nodes are already connected", "die Knoten sind schon verbunden";
    too_many_peers: "no room for more connections", "kein Platz für weitere Verbindungen";
    handshake_timeout: "the handshake took too long", "der Handshake hat zu lange gedauert";
    unresponsive: "no sign of life in time", "kein Lebenszeichen innerhalb der Frist";
    stalled: "headers or blocks didn’t arrive in time", "Blockköpfe oder Blöcke kamen nicht rechtzeitig";
    bad_message: "an invalid message", "eine ungültige Nachricht";
    unexpected_message: "a message at the wrong time", "eine Nachricht zur falschen Zeit";
    invalid_header: "an invalid block header", "ein ungültiger Blockkopf";
    invalid_block: "an invalid block", "ein ungültiger Block";
    invalid_payment: "an invalid payment", "eine ungültige Zahlung";
    too_many_messages: "too many messages", "zu viele Nachrichten";
    banned:
        "room is short, and this address broke the rules before",
        "der Platz ist knapp, und diese Adresse hat schon Regeln verletzt";
    slow_reader: "messages are read too slowly", "Nachrichten werden zu langsam gelesen";
    dial_timeout: "no answer in time", "keine Antwort innerhalb der Frist";
    unreachable: "nobody answers there", "dort antwortet niemand";
    ended: "the peer ended the connection", "der Peer hat die Verbindung beendet";
    text: "the peer sent text instead of messages", "der Peer hat Text statt Nachrichten gesendet";
    too_fast: "the peer sends faster than the node can read", "der Peer sendet schneller, als der Knoten lesen kann";
    renewed: "reconnected", "neu verbunden";
    refused(status): "a request was answered with {status}", "eine Anfrage wurde mit {status} beantwortet";
    connection_closed: "the connection was closed", "die Verbindung wurde geschlossen";
    frame_too_large: "the peer sent a message that is too large", "der Peer hat eine zu große Nachricht gesendet";
    closed(code): "closed with code {code}", "geschlossen mit Code {code}";
    expired: "it waited for two hours", "sie hat zwei Stunden gewartet";
    pushed_out:
        "payments with higher fees took its place",
        "Zahlungen mit höherer Gebühr haben ihren Platz eingenommen";
    replaced(by): "payment {by} with a higher fee replaced it", "Zahlung {by} mit höherer Gebühr hat sie ersetzt";
    conflict(by):
        "payment {by} spent the same coins and is in a block",
        "Zahlung {by} hat dieselben Münzen ausgegeben und ist in einem Block";
    parent_dropped(parent):
        "it builds on payment {parent}, which was dropped",
        "sie baut auf Zahlung {parent} auf, die verworfen wurde";
    orphan:
        "its previous block is unknown. The node keeps the block for a while.",
        "sein Vorgänger ist unbekannt. Der Knoten behält den Block eine Weile.";
    on_invalid_block: "the block or one below it is invalid", "der Block oder einer unter ihm ist ungültig";
    too_many_side_chains:
        "there are too many side chains, and this block has less work than the primary chain",
        "es gibt zu viele Nebenketten, und dieser Block hat weniger Arbeit als die Hauptkette";
    busy(max):
        "the node is already checking {max} blocks. Try again.",
        "der Knoten prüft schon {max} Blöcke. Versuch es noch einmal.";
    known: "the block is already known", "der Block ist schon bekannt";
}
