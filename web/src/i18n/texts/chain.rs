texts! {
    /// The chain and one block.
    ChainTexts
    title: "Blocks", "Blöcke";
    none: "No blocks yet.", "Noch keine Blöcke.";
    payments_none: "no payments", "keine Zahlungen";
    payments_some(n): "1 payment" | "{n} payments", "1 Zahlung" | "{n} Zahlungen";
    mined_by(miner): "by {miner}", "von {miner}";
    mined_here: "mined by you", "von dir gemint";
    genesis: "genesis", "Genesis";
    primary: "on the primary chain", "auf der Hauptkette";
    side: "on a side chain", "auf einer Nebenkette";
    header_only: "downloading: only the header is here yet", "lädt: bisher nur der Blockkopf";
    invalid: "invalid", "ungültig";
    older: "Older", "Ältere";
    oldest: "Oldest", "Älteste";
    newest: "Newest", "Neueste";
    /// The height of the fork, blocks removed and added, the height of the newest block.
    reorganised(fork, off, on, tip):
        "Reorganisation after block {fork}: {off} removed from the primary chain, {on} added. The newest block is now block {tip}.",
        "Reorganisation nach Block {fork}: {off} aus der Hauptkette entfernt, {on} angefügt. Der neueste Block ist jetzt Block {tip}.";
    blocks(n): "1 block" | "{n} blocks", "1 Block" | "{n} Blöcke";
    dismiss: "Dismiss", "Ausblenden";
    block(height): "Block {height}", "Block {height}";
    open_block(height): "Show block {height}", "Block {height} anzeigen";
    id: "ID", "ID";
    previous: "Previous block", "Vorgänger";
    time: "Time", "Zeit";
    miner: "Miner", "Miner";
    reward: "Reward", "Belohnung";
    size: "Size", "Größe";
    target: "Target", "Zielwert";
    nonce: "Salt and nonce", "Salt und Nonce";
    commitment: "Commitment", "Commitment";
    state: "Status", "Status";
    confirmations: "Confirmations", "Bestätigungen";
    payments: "Payments", "Zahlungen";
    not_stored: "This node doesn’t have this block.", "Dieser Knoten hat diesen Block nicht.";
    find: "Search", "Suche";
    find_hint: "Height, ID, address or key", "Höhe, ID, Adresse oder Schlüssel";
    find_action: "Search", "Suchen";
    found_nothing: "Nothing found.", "Nichts gefunden.";
}
