texts! {
    /// The mempool and one transaction.
    TransactionTexts
    mempool: "Waiting payments", "Wartende Zahlungen";
    mempool_none: "No payment waits to be mined.", "Keine Zahlung wartet auf einen Block.";
    mempool_sum(count, size): "{count}, {size}", "{count}, {size}";
    mempool_more(n): "and {n} more", "und {n} weitere";
    title: "Payment", "Zahlung";
    coinbase_title: "Mining reward", "Mining-Belohnung";
    open(id): "Show transaction {id}", "Transaktion {id} zeigen";
    id: "ID", "ID";
    from: "From", "Von";
    change: "change", "Wechselgeld";
    fee: "Fee", "Gebühr";
    unknown: "unknown", "unbekannt";
    inputs: "Coins spent", "Ausgegebene Münzen";
    outputs: "Coins made", "Neue Münzen";
    state: "State", "Stand";
    waiting: "waits in the mempool for a block", "wartet im Mempool auf einen Block";
    replaceable:
        "Its sender can still replace it with one that pays a higher fee.",
        "Der Absender kann sie noch durch eine mit höherer Gebühr ersetzen.";
    in_block(height): "in block {height}", "in Block {height}";
    confirmed_one(height): "in block {height}, 1 confirmation", "in Block {height}, 1 Bestätigung";
    confirmed_many(height, n): "in block {height}, {n} confirmations", "in Block {height}, {n} Bestätigungen";
    replaced:
        "neither in the mempool nor in the chain: it was dropped, or another payment spent its coins first",
        "weder im Mempool noch in der Kette: Sie ist verfallen, oder eine andere Zahlung hat ihre Münzen zuerst ausgegeben";
    not_found:
        "This transaction is neither in the mempool nor on the primary chain.",
        "Diese Transaktion steht weder im Mempool noch auf der Hauptkette.";
    new_coins: "new coins", "neue Münzen";
    to_self: "to itself", "an sich selbst";
}
