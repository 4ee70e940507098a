texts! {
    /// The mempool and one transaction.
    TransactionTexts
    mempool: "Waiting payments", "Wartende Zahlungen";
    mempool_none: "No payments are waiting.", "Gerade wartet keine Zahlung.";
    mempool_sum(count, size): "{count}, {size}", "{count}, {size}";
    mempool_more(n): "and {n} more", "und {n} weitere";
    recipient: "Recipient", "Empfänger";
    amount: "Amount", "Betrag";
    rate: "Fee", "Gebühr";
    age: "Age", "Alter";
    title: "Payment", "Zahlung";
    coinbase_title: "Mining reward", "Mining-Belohnung";
    open(id): "Show transaction {id}", "Transaktion {id} anzeigen";
    details: "ID and size", "ID und Größe";
    id: "ID", "ID";
    from: "From", "Von";
    change: "change", "Wechselgeld";
    fee: "Fee", "Gebühr";
    unknown: "unknown", "unbekannt";
    inputs: "Inputs", "Eingänge";
    outputs: "Outputs", "Ausgänge";
    state: "Status", "Status";
    waiting: "waiting for a block", "wartet auf einen Block";
    replaceable:
        "Its sender can still replace it with one that pays a higher fee.",
        "Der Absender kann sie noch durch eine mit höherer Gebühr ersetzen.";
    in_block(height): "in block {height}", "in Block {height}";
    /// The height of the block and the confirmations.
    confirmed(height, confirmations): "in block {height}, {confirmations}", "in Block {height}, {confirmations}";
    confirmations(n): "1 confirmation" | "{n} confirmations", "1 Bestätigung" | "{n} Bestätigungen";
    replaced:
        "neither waiting nor in a block: it was dropped, or another payment spent its coins first",
        "weder wartend noch in einem Block: Sie wurde verworfen, oder eine andere Zahlung hat ihre Münzen zuerst ausgegeben";
    not_found:
        "This node doesn’t know this transaction: it is neither waiting nor on the primary chain.",
        "Dieser Knoten kennt diese Transaktion nicht: Sie wartet nicht und ist nicht auf der Hauptkette.";
    new_coins: "new coins", "neue Münzen";
    to_self: "to itself", "an sich selbst";
}
