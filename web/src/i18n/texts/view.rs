texts! {
    /// The views, the overview, and what is shown of one address.
    ViewTexts
    /// Height, target height and the time left.
    blocks_left(height, target, left):
        "Checking block {height} of {target}, about {left} left",
        "Prüft Block {height} von {target}, noch etwa {left}";
    network_hash_rate: "Network hash rate", "Hashrate des Netzes";
    /// The time between two blocks at this hash rate.
    block_every(time): "a block about every {time}", "etwa alle {time} ein Block";
    tree: "Newest blocks", "Neueste Blöcke";
    /// The height of the newest block; how many blocks are on side chains, are invalid, have no known previous block.
    tree_words(tip, side, invalid, orphans):
        "The newest block of the primary chain is block {tip}. Beside it, on side chains: {side}; invalid: {invalid}; with an unknown previous block: {orphans}. Use the arrow keys to move between blocks and Enter to open one.",
        "Der neueste Block der Hauptkette ist Block {tip}. Daneben, auf Nebenketten: {side}; ungültig: {invalid}; mit unbekanntem Vorgänger: {orphans}. Mit den Pfeiltasten wechselst du zwischen Blöcken, mit der Eingabetaste öffnest du einen.";
    legend_primary: "primary chain", "Hauptkette";
    legend_side: "side chain", "Nebenkette";
    legend_header: "downloading", "lädt";
    legend_invalid: "invalid", "ungültig";
    legend_fee: "fees, none to high", "Gebühren, keine bis hohe";
    fees_none: "no fees", "keine Gebühren";
    full(percent): "{percent}\u{a0}% full", "zu {percent}\u{a0}% voll";
    orphan: "previous block unknown", "Vorgänger unbekannt";
    coming: "Next blocks", "Nächste Blöcke";
    coming_block(height): "Block {height}", "Block {height}";
    coming_fees(fees): "{fees} FED in fees", "{fees} FED Gebühren";
    coming_rate(rate): "fee {rate} FED/kB", "Gebühr {rate} FED/kB";
    per_kilobyte(rate): "{rate} FED/kB", "{rate} FED/kB";
    coming_rates(low, median, high):
        "median {median} FED/kB\n({low} to {high})",
        "Median {median} FED/kB\n({low} bis {high})";
    /// An amount and whom it is paid to.
    pays(amount, recipient): "{amount} FED to {recipient}", "{amount} FED an {recipient}";
    coming_empty:
        "No payment is waiting: the next block would be empty.",
        "Keine Zahlung wartet: Der nächste Block wäre leer.";
    coming_map(n):
        "1 payment of the next block, as large as its share of the bytes" | "{n} payments of the next block, each as large as its share of the bytes",
        "1 Zahlung des nächsten Blocks, so groß wie ihr Anteil an den Bytes" | "{n} Zahlungen des nächsten Blocks, jede so groß wie ihr Anteil an den Bytes";
    coming_rest(n): "+{n}", "+{n}";
    coming_later(n):
        "and 1 payment after that" | "and {n} payments after that",
        "und danach 1 Zahlung" | "und danach {n} Zahlungen";
    charts: "Network", "Netz";
    charts_none: "Charts appear once there are blocks.", "Diagramme erscheinen, sobald es Blöcke gibt.";
    spacing: "Time between blocks", "Zeit zwischen Blöcken";
    range: "Part of the chain", "Teil der Kette";
    last_blocks(n): "Last {n}", "Letzte {n}";
    whole_chain: "Whole chain", "Ganze Kette";
    chart_ends(first, last): "Blocks {first} to {last}", "Blöcke {first} bis {last}";
    chart_label(title, now, min, max):
        "{title}: {now} now, between {min} and {max}",
        "{title}: jetzt {now}, zwischen {min} und {max}";
    before: "Previous", "Zurück";
    after: "Next", "Weiter";
    address: "Address", "Adresse";
    open_address(address): "Show address {address}", "Adresse {address} anzeigen";
    spendable: "Available", "Verfügbar";
    history: "Transactions", "Transaktionen";
    history_none: "This address has no transactions yet.", "Diese Adresse hat noch keine Transaktionen.";
    mined: "Mining reward", "Mining-Belohnung";
    received: "Received", "Empfangen";
    paid: "Sent", "Gesendet";
    to_self: "Sent to itself", "An sich selbst gesendet";
    overview: "Overview", "Übersicht";
    blocks: "Blocks", "Blöcke";
    wallet: "Wallet", "Wallet";
    mining: "Mining", "Mining";
    node: "Node", "Knoten";
    navigation: "Views", "Ansichten";
}
