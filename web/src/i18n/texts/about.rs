texts! {
    /// What this is, and the network's rules.
    AboutTexts
    learning:
        "FEDCoin is a learning network: its money is worth nothing.",
        "FEDCoin ist ein Netz zum Lernen: Sein Geld ist nichts wert.";
    title: "Rules of this network", "Regeln dieses Netzes";
    rules_view: "Rules", "Regeln";
    hint:
        "All nodes of this network follow these rules. A node that follows others is in another network.",
        "Alle Knoten dieses Netzes halten sich an diese Regeln. Ein Knoten mit anderen Regeln ist in einem anderen Netz.";
    spacing(time): "about {time}", "etwa {time}";
    difficulty: "Difficulty", "Schwierigkeit";
    difficulty_fixed(hashes):
        "fixed: {hashes} hashes per block on average",
        "fest: im Mittel {hashes} Hashes pro Block";
    difficulty_follows:
        "follows the hash rate with every block; an overdue block becomes easier",
        "folgt mit jedem Block der Hashrate; ein überfälliger Block wird leichter";
    reward: "Mining reward", "Mining-Belohnung";
    reward_now(amount, height): "{amount} FED for block {height}, and its fees", "{amount} FED für Block {height}, dazu seine Gebühren";
    halving: "Halving", "Halbierung";
    halving_at(n, time, height):
        "every {n} blocks (about {time}), next at block {height}",
        "alle {n} Blöcke (etwa {time}), das nächste Mal bei Block {height}";
    supply: "Supply", "Geldmenge";
    supply_at_most(all, first):
        "at most {all} FED, {first} FED of them in block 0",
        "höchstens {all} FED, davon {first} FED in Block 0";
    maturity: "A reward is available", "Belohnung verfügbar";
    maturity_blocks(n): "after 1 block" | "after {n} blocks", "nach 1 Block" | "nach {n} Blöcken";
    payments: "Payments per block", "Zahlungen pro Block";
    payments_empty(min, max): "{min} to {max}: blocks may be empty", "{min} bis {max}: Blöcke dürfen leer sein";
    payments_some(min, max): "{min} to {max}: no empty blocks", "{min} bis {max}: keine leeren Blöcke";
    size: "Largest block", "Größter Block";
    tie: "Two chains with equal work", "Zwei Ketten mit gleich viel Arbeit";
    tie_time: "the one whose newest block has the earlier time counts", "es zählt die, deren neuester Block die frühere Zeit hat";
    tie_id: "the one whose newest block has the lower ID counts", "es zählt die, deren neuester Block die kleinere ID hat";
    rules: "Number of the common rules", "Nummer der gemeinsamen Regeln";
    version: "Version", "Version";
    api: "API of this relay", "API dieses Relays";
    rules_file: "These rules as a file", "Diese Regeln als Datei";
}
