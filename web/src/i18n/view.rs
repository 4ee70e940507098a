//! Texts of the views, of the overview and of what is looked at closely.

use super::texts::{With1, With2, With3};
use crate::route::View;

/// Texts of the views, of the overview and of what is looked at closely.
pub(crate) struct ViewTexts {
    pub(crate) navigation: &'static str,
    pub(crate) names: ViewNames,
    /// Height, target height and the time left.
    pub(crate) blocks_left: With3,
    pub(crate) network_hash_rate: &'static str,
    pub(crate) tree: &'static str,
    /// The tip's height; how many blocks are on other branches, are invalid, have no known parent.
    pub(crate) tree_words: fn(&str, &[String; 3]) -> String,
    pub(crate) legend_primary: &'static str,
    pub(crate) legend_side: &'static str,
    pub(crate) legend_header: &'static str,
    pub(crate) legend_invalid: &'static str,
    pub(crate) orphan: &'static str,
    pub(crate) coming: &'static str,
    pub(crate) coming_block: With1,
    pub(crate) coming_fees: With1,
    pub(crate) coming_rate: With1,
    pub(crate) coming_rates: With3,
    pub(crate) coming_later: With1,
    pub(crate) charts: &'static str,
    pub(crate) charts_none: &'static str,
    pub(crate) spacing: &'static str,
    pub(crate) range: &'static str,
    pub(crate) last_blocks: With1,
    pub(crate) whole_chain: &'static str,
    pub(crate) chart_ends: With2,
    pub(crate) chart_label: With3,
    pub(crate) address: &'static str,
    pub(crate) open_address: With1,
    pub(crate) spendable: &'static str,
    pub(crate) history: &'static str,
    pub(crate) history_none: &'static str,
    pub(crate) mined: &'static str,
    pub(crate) received: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) to_self: &'static str,
}

/// The views' names.
pub(crate) struct ViewNames {
    overview: &'static str,
    blocks: &'static str,
    wallet: &'static str,
    mining: &'static str,
    node: &'static str,
}

impl ViewNames {
    /// A view's name.
    pub(crate) const fn of(&self, view: View) -> &'static str {
        match view {
            View::Overview => self.overview,
            View::Blocks => self.blocks,
            View::Wallet => self.wallet,
            View::Mining => self.mining,
            View::Node => self.node,
        }
    }
}

/// In English.
pub(super) const ENGLISH: ViewTexts = ViewTexts {
    navigation: "Views",
    names: ViewNames { overview: "Overview", blocks: "Blocks", wallet: "Wallet", mining: "Mining", node: "Node" },
    blocks_left: |height, target, left| format!("Checking block {height} of {target}, about {left} left"),
    network_hash_rate: "Network hash rate",
    tree: "Newest blocks",
    tree_words: |tip, [side, invalid, orphans]| {
        format!(
            "The primary chain ends with block {tip}. Shown beside it: {side} blocks on other branches, {invalid} that break a rule, {orphans} without a known parent. Arrow keys go from block to block, Enter opens one."
        )
    },
    legend_primary: "primary chain",
    legend_side: "other branch",
    legend_header: "on its way",
    legend_invalid: "breaks a rule",
    orphan: "its parent is unknown",
    coming: "Next blocks",
    coming_block: |height| format!("Block {height}"),
    coming_fees: |fees| format!("{fees} FED in fees"),
    coming_rate: |rate| format!("fee {rate} FED/kB"),
    coming_rates: |low, median, high| format!("median {median} FED/kB\n({low} to {high})"),
    coming_later: |n| format!("and {n} payments later"),
    charts: "Network",
    charts_none: "There are charts as soon as there are blocks.",
    spacing: "Time between blocks",
    range: "Part of the chain",
    last_blocks: |n| format!("Last {n}"),
    whole_chain: "Whole chain",
    chart_ends: |first, last| format!("Blocks {first} to {last}"),
    chart_label: |title, now, max| format!("{title}: {now}, at most {max}"),
    address: "Address",
    open_address: |address| format!("Show address {address}"),
    spendable: "Can be spent now",
    history: "Payments",
    history_none: "None.",
    mined: "Mining reward",
    received: "Received",
    paid: "Paid",
    to_self: "Paid to itself",
};

/// In German.
pub(super) const GERMAN: ViewTexts = ViewTexts {
    navigation: "Ansichten",
    names: ViewNames { overview: "Überblick", blocks: "Blöcke", wallet: "Wallet", mining: "Mining", node: "Knoten" },
    blocks_left: |height, target, left| format!("Prüft Block {height} von {target}, noch etwa {left}"),
    network_hash_rate: "Hashrate des Netzes",
    tree: "Neueste Blöcke",
    tree_words: |tip, [side, invalid, orphans]| {
        format!(
            "Die Hauptkette endet mit Block {tip}. Daneben gezeigt: {side} Blöcke auf anderen Zweigen, {invalid}, die eine Regel verletzen, {orphans} ohne bekannten Vorgänger. Pfeiltasten gehen von Block zu Block, die Eingabetaste öffnet einen."
        )
    },
    legend_primary: "Hauptkette",
    legend_side: "anderer Zweig",
    legend_header: "unterwegs",
    legend_invalid: "verletzt eine Regel",
    orphan: "sein Vorgänger ist unbekannt",
    coming: "Nächste Blöcke",
    coming_block: |height| format!("Block {height}"),
    coming_fees: |fees| format!("{fees} FED Gebühren"),
    coming_rate: |rate| format!("Gebühr {rate} FED/kB"),
    coming_rates: |low, median, high| format!("Median {median} FED/kB\n({low} bis {high})"),
    coming_later: |n| format!("und {n} Zahlungen später"),
    charts: "Netz",
    charts_none: "Diagramme gibt es, sobald es Blöcke gibt.",
    spacing: "Zeit zwischen Blöcken",
    range: "Teil der Kette",
    last_blocks: |n| format!("Letzte {n}"),
    whole_chain: "Ganze Kette",
    chart_ends: |first, last| format!("Blöcke {first} bis {last}"),
    chart_label: |title, now, max| format!("{title}: {now}, höchstens {max}"),
    address: "Adresse",
    open_address: |address| format!("Adresse {address} zeigen"),
    spendable: "Jetzt verfügbar",
    history: "Zahlungen",
    history_none: "Keine.",
    mined: "Mining-Belohnung",
    received: "Erhalten",
    paid: "Gezahlt",
    to_self: "An sich selbst gezahlt",
};
