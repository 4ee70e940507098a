texts! {
    /// The event log.
    LogTexts
    title: "Events", "Ereignisse";
    none: "Nothing has happened yet.", "Noch ist nichts passiert.";
    tip(height, id): "New block {height}: {id}", "Neuer Block {height}: {id}";
    tips(n, height, id):
        "{n} new blocks, the newest is block {height}: {id}",
        "{n} neue Blöcke, der neueste ist Block {height}: {id}";
    mined(height, reward, payments):
        "You mined block {height} with {payments}: {reward} FED",
        "Du hast Block {height} gemint ({payments}): {reward} FED";
    side(height, id): "Block {height} on a side chain: {id}", "Block {height} auf einer Nebenkette: {id}";
    block_rejected(id, why): "Block {id} is invalid: {why}", "Block {id} ist ungültig: {why}";
    payment(id): "Payment {id} is waiting for a block", "Zahlung {id} wartet auf einen Block";
    payment_here(id): "You sent payment {id}", "Du hast Zahlung {id} gesendet";
    payment_returned(id): "Payment {id} is waiting again", "Zahlung {id} wartet wieder";
    payment_dropped(id, why): "Payment {id} was dropped: {why}", "Zahlung {id} wurde verworfen: {why}";
    payment_refused(id, why): "Payment {id} was rejected: {why}", "Zahlung {id} wurde abgelehnt: {why}";
    block_refused(id, why): "Block {id} wasn’t stored: {why}", "Block {id} wurde nicht gespeichert: {why}";
    peer_ready(address, height):
        "Connected to {address} at height {height}",
        "Verbunden mit {address} auf Höhe {height}";
    dial_failed(address, why, seconds):
        "{address} doesn’t answer ({why}), next try in {seconds}\u{a0}s",
        "{address} antwortet nicht ({why}), nächster Versuch in {seconds}\u{a0}s";
    own_address(address): "{address} is this node itself", "{address} ist dieser Knoten selbst";
    sync_waiting: "Waiting for a peer", "Wartet auf einen Peer";
    sync_headers(height): "Downloading block headers: {height} so far", "Lädt Blockköpfe: bisher {height}";
    sync_blocks(height, target): "Checking block {height} of {target}", "Prüft Block {height} von {target}";
    sync_done: "Up to date", "Aktuell";
    storage_corrupt: "The stored chain is damaged", "Die gespeicherte Kette ist beschädigt";
    miner_replaced(n):
        "Mining worker {n} didn’t answer and was replaced",
        "Mining-Worker {n} hat nicht geantwortet und wurde ersetzt";
    woke_up(seconds):
        "The tab slept for {seconds}\u{a0}s and is reconnecting",
        "Der Tab hat {seconds}\u{a0}s geschlafen und verbindet sich neu";
    verifier_fell_back:
        "One way to check signatures failed, so the node uses another",
        "Ein Verfahren zur Signaturprüfung ist ausgefallen, darum nutzt der Knoten ein anderes";
    socket_dropped(address, why): "Connection to {address} closed: {why}", "Verbindung zu {address} geschlossen: {why}";
    node_ready(slot): "The node is running in slot {slot}", "Der Knoten läuft auf Speicherplatz {slot}";
    node_failed(why): "The node isn’t running: {why}", "Der Knoten läuft nicht: {why}";
    peer_gone: "A peer left", "Ein Peer ist weg";
    peer_gone_because(why): "A peer left: {why}", "Ein Peer ist weg: {why}";
}
