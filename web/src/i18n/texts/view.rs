texts! {
    /// The views, the overview, and what is shown of one address.
    ViewTexts
    /// Height, target height and the time left.
    blocks_left(height, target, left):
        "Checking block {height} of {target}, about {left} left",
        "Prüft Block {height} von {target}, noch etwa {left}";
    network_hash_rate: "Network hash rate", "Hashrate des Netzes";
    tree: "Newest blocks", "Neueste Blöcke";
    /// The tip's height; how many blocks are on other branches, are invalid, have no known parent.
    tree_words(tip, side, invalid, orphans):
        "The primary chain ends with block {tip}. Shown beside it: {side} blocks on other branches, {invalid} invalid, {orphans} without a known parent. Arrow keys move from block to block, Enter opens one.",
        "Die Hauptkette endet mit Block {tip}. Daneben: {side} Blöcke auf anderen Zweigen, {invalid} ungültige, {orphans} ohne bekannten Vorgänger. Mit den Pfeiltasten gehst du von Block zu Block, mit der Eingabetaste öffnest du einen.";
    legend_primary: "primary chain", "Hauptkette";
    legend_side: "other branch", "anderer Zweig";
    legend_header: "on its way", "unterwegs";
    legend_invalid: "invalid", "ungültig";
    orphan: "its parent is unknown", "Vorgänger unbekannt";
    coming: "Next blocks", "Nächste Blöcke";
    coming_block(height): "Block {height}", "Block {height}";
    coming_fees(fees): "{fees} FED in fees", "{fees} FED Gebühren";
    coming_rate(rate): "fee {rate} FED/kB", "Gebühr {rate} FED/kB";
    coming_rates(low, median, high):
        "median {median} FED/kB\n({low} to {high})",
        "Median {median} FED/kB\n({low} bis {high})";
    coming_later(n): "and {n} payments later", "und {n} Zahlungen später";
    charts: "Network", "Netz";
    charts_none: "There are charts as soon as there are blocks.", "Diagramme gibt es, sobald es Blöcke gibt.";
    spacing: "Time between blocks", "Zeit zwischen Blöcken";
    range: "Part of the chain", "Teil der Kette";
    last_blocks(n): "Last {n}", "Letzte {n}";
    whole_chain: "Whole chain", "Ganze Kette";
    chart_ends(first, last): "Blocks {first} to {last}", "Blöcke {first} bis {last}";
    chart_label(title, now, max): "{title}: {now}, at most {max}", "{title}: {now}, höchstens {max}";
    address: "Address", "Adresse";
    open_address(address): "Show address {address}", "Adresse {address} zeigen";
    spendable: "Can be spent now", "Jetzt verfügbar";
    history: "Transactions", "Transaktionen";
    history_none: "None.", "Keine.";
    mined: "Mining reward", "Mining-Belohnung";
    received: "Received", "Erhalten";
    paid: "Paid", "Gezahlt";
    to_self: "Paid to itself", "An sich selbst gezahlt";
    overview: "Overview", "Überblick";
    blocks: "Blocks", "Blöcke";
    wallet: "Wallet", "Wallet";
    mining: "Mining", "Mining";
    node: "Node", "Knoten";
    navigation: "Views", "Ansichten";
}
