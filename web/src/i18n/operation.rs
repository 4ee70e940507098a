use super::texts::{With1, With2, With3};

/// How the page itself fares: storage, connection, clock, versions.
pub(crate) struct OperationTexts {
    pub(crate) memory_full: &'static str,
    pub(crate) memory_failed: With1,
    pub(crate) storage_failed: With1,
    pub(crate) moved: With1,
    pub(crate) may_be_cleared: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) restarted: &'static str,
    pub(crate) load_again: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) relay_away: With2,
    pub(crate) retry_in: With1,
    pub(crate) retrying: &'static str,
    pub(crate) try_now: &'static str,
    pub(crate) clock_ahead: With1,
    pub(crate) clock_behind: With1,
    pub(crate) clock_agrees: &'static str,
    pub(crate) early_headers: &'static str,
    pub(crate) mining_clock_behind: &'static str,
    pub(crate) mining_chain_ahead: With1,
    pub(crate) payment_undone: With2,
    pub(crate) undone: With3,
    pub(crate) minutes_one: &'static str,
    pub(crate) minutes: With1,
    pub(crate) less_than_a_minute: &'static str,
    pub(crate) new_version: &'static str,
    pub(crate) install: &'static str,
}

pub(super) const ENGLISH: OperationTexts = OperationTexts {
    memory_full: "The browser's storage for this page is full, or the disk is: the chain is kept in memory and fetched again after a reload. Make room, then load the page anew.",
    memory_failed: |why| {
        format!(
            "The browser's storage failed twice: the chain is kept in memory and fetched again after a reload. It said: {why}"
        )
    },
    storage_failed: |why| format!("The browser's storage failed or was deleted; the node begins anew ({why})"),
    moved: |slot| {
        format!(
            "Slot {slot}, which this tab had, is held by another tab, so this one has a chain and a wallet of another slot. What slot {slot} has is still in this browser: close the other tab and open a new one to find it."
        )
    },
    may_be_cleared: "The browser does not promise to keep this page's data when space runs short, keys included: back them up in the wallet.",
    kept: "The browser keeps it until you delete it.",
    restarted: "The node's worker did not answer and was started anew",
    load_again: "Load the page anew",
    offline: "This device is offline. The node keeps what it has and goes on as soon as there is a network.",
    relay_away: |time, why| {
        format!(
            "No connection to the relay for {time} ({why}). What is shown may be old; payments made now wait here until it is back."
        )
    },
    retry_in: |seconds| format!("Next attempt in {seconds}\u{a0}s."),
    retrying: "Trying now …",
    try_now: "Try now",
    clock_ahead: |time| {
        format!(
            "This device's clock is {time} ahead of the other nodes'. Please set it; until then the blocks you mine bear their time."
        )
    },
    clock_behind: |time| {
        format!(
            "This device's clock is {time} behind the other nodes'. Please set it: blocks more than 2 minutes ahead of it are taken late."
        )
    },
    clock_agrees: "This device's clock agrees with the other nodes' again",
    early_headers: "Not up to date: this device's clock is behind, so other nodes' blocks count as too early. Set the clock.",
    mining_clock_behind: "Waits until this device's clock is set: it is behind, and the blocks of others are refused",
    mining_chain_ahead: |until| {
        format!(
            "Waits until {until}: the last blocks are dated ahead of this device's clock, and nobody would take another one on them. If the clock is behind, set it."
        )
    },
    payment_undone: |id, why| format!("Payment {id} was confirmed and is undone for good: {why}"),
    undone: |amount, recipient, why| {
        format!("The payment of {amount} FED to {recipient} was confirmed and is undone for good: {why}")
    },
    minutes_one: "1 minute",
    minutes: |n| format!("{n} minutes"),
    less_than_a_minute: "less than a minute",
    new_version: "A new version of this page is ready; it is used the next time the page is loaded.",
    install: "Install as an app",
};

pub(super) const GERMAN: OperationTexts = OperationTexts {
    memory_full: "Der Speicher des Browsers für diese Seite oder die Platte ist voll: Die Kette liegt im Arbeitsspeicher und wird nach dem Neuladen wieder geholt. Bitte Platz schaffen und die Seite neu laden.",
    memory_failed: |why| {
        format!(
            "Der Speicher des Browsers versagte zweimal: Die Kette liegt im Arbeitsspeicher und wird nach dem Neuladen wieder geholt. Er sagt: {why}"
        )
    },
    storage_failed: |why| {
        format!("Der Speicher des Browsers versagte oder wurde gelöscht; der Knoten fängt neu an ({why})")
    },
    moved: |slot| {
        format!(
            "Platz {slot}, den dieser Tab hatte, hält ein anderer Tab, darum hat dieser Kette und Wallet eines anderen Platzes. Was zu Platz {slot} gehört, ist noch in diesem Browser: den anderen Tab schließen und einen neuen öffnen, um es zu finden."
        )
    },
    may_be_cleared: "Der Browser verspricht nicht, die Daten dieser Seite samt Schlüsseln zu behalten, wenn der Platz knapp wird: bitte die Schlüssel im Wallet sichern.",
    kept: "Der Browser behält sie, bis du sie löschst.",
    restarted: "Der Worker des Knotens antwortete nicht und wurde neu gestartet",
    load_again: "Seite neu laden",
    offline: "Dieses Gerät ist offline. Der Knoten behält, was er hat, und macht weiter, sobald es ein Netz gibt.",
    relay_away: |time, why| {
        format!(
            "Seit {time} keine Verbindung zum Relay ({why}). Das Gezeigte kann alt sein; Zahlungen warten hier, bis es zurück ist."
        )
    },
    retry_in: |seconds| format!("Nächster Versuch in {seconds}\u{a0}s."),
    retrying: "Versucht es gerade …",
    try_now: "Jetzt versuchen",
    clock_ahead: |time| {
        format!(
            "Die Uhr dieses Geräts geht {time} gegenüber den anderen Knoten vor. Bitte stell sie; bis dahin tragen die Blöcke, die du schürfst, deren Zeit."
        )
    },
    clock_behind: |time| {
        format!(
            "Die Uhr dieses Geräts geht {time} gegenüber den anderen Knoten nach. Bitte stell sie: Blöcke, die ihr mehr als 2 Minuten voraus sind, werden verspätet angenommen."
        )
    },
    clock_agrees: "Die Uhr dieses Geräts stimmt wieder mit denen der anderen Knoten überein",
    early_headers: "Nicht auf dem neuesten Stand: Die Uhr dieses Geräts geht nach, darum gelten Blöcke der anderen als verfrüht. Stell die Uhr.",
    mining_clock_behind: "Wartet, bis die Uhr dieses Geräts gestellt ist: Sie geht nach, und die Blöcke der anderen werden abgelehnt",
    mining_chain_ahead: |until| {
        format!(
            "Wartet bis {until}: Die letzten Blöcke tragen Zeiten, die der Uhr dieses Geräts voraus sind, und niemand nähme einen weiteren darauf an. Falls die Uhr nachgeht, stell sie."
        )
    },
    payment_undone: |id, why| format!("Zahlung {id} war bestätigt und ist endgültig rückgängig gemacht: {why}"),
    undone: |amount, recipient, why| {
        format!("Die Zahlung von {amount} FED an {recipient} war bestätigt und ist endgültig rückgängig gemacht: {why}")
    },
    minutes_one: "1 Minute",
    minutes: |n| format!("{n} Minuten"),
    less_than_a_minute: "weniger als einer Minute",
    new_version: "Eine neue Fassung dieser Seite liegt bereit; sie gilt ab dem nächsten Laden.",
    install: "Als App installieren",
};
