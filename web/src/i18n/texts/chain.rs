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
    details: "ID and header", "ID und Blockkopf";
    previous: "Previous block", "Vorgänger";
    time: "Time", "Zeit";
    miner: "Miner", "Miner";
    reward: "Reward", "Belohnung";
    size: "Size", "Größe";
    target: "Target", "Zielwert";
    nonce: "Salt and nonce", "Salt und Nonce";
    commitment: "Commitment", "Commitment";
    state: "Status", "Status";
    payments: "Payments", "Zahlungen";
    not_stored: "This node doesn’t have this block.", "Dieser Knoten hat diesen Block nicht.";
    find: "Search", "Suche";
    find_hint: "Height, ID, address or link", "Höhe, ID, Adresse oder Link";
    find_action: "Search", "Suchen";
    found_nothing:
        "Nothing found. Search for a height, an address, a payment link, or the beginning of an ID.",
        "Nichts gefunden. Suche nach einer Höhe, einer Adresse, einem Zahlungslink oder dem Anfang einer ID.";
    /// The nearest follows.
    found_near: "Nothing is exactly that. Nearest:", "Genau das gibt es nicht. Am nächsten kommt:";
    /// The newest follows.
    found_several: "Several begin like that. The newest:", "Mehrere fangen so an. Das Neueste:";
    find_starting:
        "The node isn’t running yet. It can answer once it is.",
        "Der Knoten läuft noch nicht. Sobald er läuft, kann er antworten.";
    odd_link:
        "This link names no block, transaction or address. Its ID may have been cut off: search for its beginning.",
        "Dieser Link nennt keinen Block, keine Transaktion und keine Adresse. Vielleicht ist die ID abgeschnitten: Suche nach ihrem Anfang.";
    not_yet:
        "The node isn’t up to date, so it may still come.",
        "Der Knoten ist noch nicht aktuell, es kann also noch kommen.";
}
