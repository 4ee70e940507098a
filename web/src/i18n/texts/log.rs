texts! {
    /// The event log.
    LogTexts
    title: "Events", "Ereignisse";
    none: "Nothing has happened yet.", "Noch ist nichts passiert.";
    tip(height, id): "Block {height} is the new tip: {id}", "Block {height} ist die neue Spitze: {id}";
    tips(n, height, id):
        "{n} blocks added, the tip is now block {height}: {id}",
        "{n} Blöcke angefügt, die Spitze ist nun Block {height}: {id}";
    mined(height, reward, payments):
        "You mined block {height} with {payments}: {reward} FED",
        "Du hast Block {height} geschürft ({payments}): {reward} FED";
    side(height, id): "Block {height} on a backup chain: {id}", "Block {height} auf einer Nebenkette: {id}";
    block_rejected(id, why): "Block {id} is invalid: {why}", "Block {id} ist ungültig: {why}";
    payment(id): "Payment {id} waits to be mined", "Zahlung {id} wartet auf einen Block";
    payment_here(id): "Your payment {id} was announced", "Deine Zahlung {id} wurde angekündigt";
    payment_returned(id): "Payment {id} waits again", "Zahlung {id} wartet wieder";
    payment_dropped(id, why):
        "Payment {id} was dropped without being mined: {why}",
        "Zahlung {id} kam in keinen Block und wartet nicht mehr: {why}";
    payment_refused(id, why): "Payment {id} was not taken: {why}", "Zahlung {id} wurde nicht angenommen: {why}";
    block_refused(id, why): "Block {id} was not stored: {why}", "Block {id} wurde nicht gespeichert: {why}";
    peer_ready(address, height):
        "Connected to {address}, its height is {height}",
        "Verbunden mit {address}, dessen Höhe ist {height}";
    dial_failed(address, why, seconds):
        "{address} does not answer ({why}); next try in {seconds}\u{a0}s",
        "{address} antwortet nicht ({why}); nächster Versuch in {seconds}\u{a0}s";
    own_address(address):
        "{address} is this node itself, not a neighbour",
        "{address} ist dieser Knoten selbst, kein Nachbar";
    sync_waiting: "Waiting for a peer", "Wartet auf einen Peer";
    sync_headers(height): "Downloading headers: {height}", "Lädt Blockköpfe: {height}";
    sync_blocks(height, target): "Checking blocks: {height} of {target}", "Prüft Blöcke: {height} von {target}";
    sync_done: "Up to date", "Auf dem neuesten Stand";
    storage_corrupt(what): "The stored chain is damaged: {what}", "Die gespeicherte Kette ist beschädigt: {what}";
    miner_replaced(n):
        "Mining worker {n} did not answer and was replaced",
        "Mining-Worker {n} hat nicht geantwortet und wurde ersetzt";
    woke_up(seconds):
        "The tab slept for {seconds}\u{a0}s; connecting again",
        "Der Tab hat {seconds}\u{a0}s geschlafen und verbindet sich neu";
    verifier_fell_back(why):
        "The browser's signature check failed ({why}); the node uses its own",
        "Die Signaturprüfung des Browsers ist ausgefallen ({why}); der Knoten nimmt seine eigene";
    socket_dropped(address, why): "Connection to {address} closed: {why}", "Verbindung zu {address} geschlossen: {why}";
    node_ready(slot): "The node runs in slot {slot}", "Der Knoten läuft auf Platz {slot}";
    node_failed(why): "The node does not run: {why}", "Der Knoten läuft nicht: {why}";
    peer_gone: "A peer is gone", "Ein Peer ist weg";
    peer_gone_because(why): "A peer is gone: {why}", "Ein Peer ist weg: {why}";
}
