texts! {
    /// The chain and one block.
    ChainTexts
    title: "Blocks", "Blöcke";
    none: "No blocks yet.", "Noch keine Blöcke.";
    payments_none: "no payments", "keine Zahlungen";
    payments_one: "1 payment", "1 Zahlung";
    payments_many(n): "{n} payments", "{n} Zahlungen";
    mined_by(miner): "by {miner}", "von {miner}";
    mined_here: "mined by you", "von dir geschürft";
    genesis: "genesis", "Genesis";
    primary: "on the primary chain", "auf der Hauptkette";
    side: "on a backup chain", "auf einer Nebenkette";
    header_only: "only its header is known yet", "bisher ist nur der Kopf bekannt";
    invalid: "invalid", "ungültig";
    older: "Older", "Ältere";
    oldest: "Oldest", "Älteste";
    newest: "Newest", "Neueste";
    /// The height of the fork, blocks taken off, put on, the tip's height.
    reorganised(fork, off, on, tip):
        "Reorganisation after block {fork}: {off} removed from the primary chain, {on} added; the tip is now block {tip}",
        "Reorganisation nach Block {fork}: {off} von der Hauptkette entfernt, {on} angefügt; die Spitze ist jetzt Block {tip}";
    dismiss: "Dismiss", "Ausblenden";
    block(height): "Block {height}", "Block {height}";
    open_block(height): "Show block {height}", "Block {height} zeigen";
    id: "ID", "ID";
    previous: "Previous block", "Vorgänger";
    time: "Time", "Zeit";
    miner: "Miner", "Miner";
    reward: "Reward", "Belohnung";
    size: "Size", "Größe";
    target: "Target", "Zielwert";
    nonce: "Salt and nonce", "Salt und Nonce";
    merkle_root: "Merkle root", "Merkle-Wurzel";
    state: "State", "Stand";
    confirmations: "Confirmations", "Bestätigungen";
    payments: "Payments", "Zahlungen";
    not_stored: "This block is not stored here.", "Dieser Block ist hier nicht gespeichert.";
    find: "Find", "Suchen";
    find_hint: "height, ID, address or key", "Höhe, ID, Adresse oder Schlüssel";
    find_action: "Show", "Zeigen";
    found_nothing: "Nothing known here matches.", "Dazu ist hier nichts bekannt.";
}
