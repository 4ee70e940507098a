//! Texts of the views and the way between them.

use super::texts::With1;
use crate::route::View;

/// Texts of the views and the way between them.
pub(crate) struct ViewTexts {
    pub(crate) navigation: &'static str,
    pub(crate) names: ViewNames,
    pub(crate) orphan: &'static str,
    pub(crate) address: &'static str,
    pub(crate) open_address: With1,
    pub(crate) spendable: &'static str,
    pub(crate) coins: &'static str,
    pub(crate) no_coins: &'static str,
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
    orphan: "its parent is unknown",
    address: "Address",
    open_address: |address| format!("Show address {address}"),
    spendable: "Can be spent now",
    coins: "Coins it can spend",
    no_coins: "None.",
};

/// In German.
pub(super) const GERMAN: ViewTexts = ViewTexts {
    navigation: "Ansichten",
    names: ViewNames { overview: "Überblick", blocks: "Blöcke", wallet: "Wallet", mining: "Mining", node: "Knoten" },
    orphan: "sein Vorgänger ist unbekannt",
    address: "Adresse",
    open_address: |address| format!("Adresse {address} zeigen"),
    spendable: "Jetzt verfügbar",
    coins: "Verfügbare Münzen",
    no_coins: "Keine.",
};
