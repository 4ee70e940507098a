texts! {
    /// The views, the overview, and what is shown of one address.
    ViewTexts
    /// Height, target height and the time left.
    blocks_left(height, target, left):
        "Checking block {height} of {target}, about {left} left",
        "Prüft Block {height} von {target}, noch etwa {left}";
    network_hash_rate: "Network hash rate", "Hashrate des Netzes";
    tree: "Newest blocks", "Neueste Blöcke";
    /// The height of the newest block; how many blocks are on side chains, are invalid, have no known previous block.
    tree_words(tip, side, invalid, orphans):
        "The newest block of the primary chain is block {tip}. Beside it, on side chains: {side}; invalid: {invalid}; with an unknown previous block: {orphans}. Use the arrow keys to move between blocks and Enter to open one.",
        "Der neueste Block der Hauptkette ist Block {tip}. Daneben, auf Nebenketten: {side}; ungültig: {invalid}; mit unbekanntem Vorgänger: {orphans}. Mit den Pfeiltasten wechselst du zwischen Blöcken, mit der Eingabetaste öffnest du einen.";
    legend_primary: "primary chain", "Hauptkette";
    legend_side: "side chain", "Nebenkette";
    legend_header: "downloading", "lädt";
    legend_invalid: "invalid", "ungültig";
    orphan: "previous block unknown", "Vorgänger unbekannt";
    coming: "Next blocks", "Nächste Blöcke";
    coming_block(height): "Block {height}", "Block {height}";
    coming_fees(fees): "{fees} FED in fees", "{fees} FED Gebühren";
    coming_rate(rate): "fee {rate} FED/kB", "Gebühr {rate} FED/kB";
    coming_rates(low, median, high):
        "median {median} FED/kB\n({low} to {high})",
        "Median {median} FED/kB\n({low} bis {high})";
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
    chart_label(title, now, max): "{title}: {now}, at most {max}", "{title}: {now}, höchstens {max}";
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
