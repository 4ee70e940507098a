//! The values of `data-testid` attributes: what a browser test may rely on. Texts and layout may
//! change, these do not. Where a value is shown shortened or translated, the element also has
//! the attributes named here, which hold it in full and in no language.

/// The whole page once it runs.
pub const APP: &str = "app";
/// A link to a view; `data-view` is `overview`, `blocks`, `wallet`, `mining` or `node`.
pub const VIEW_LINK: &str = "view-link";
/// A view; `data-view`. All are in the document, the others hidden.
pub const VIEW: &str = "view";
/// Network name; `data-id` is the network id.
pub const NETWORK: &str = "network";
/// The relay connection; `data-state` is `ready`, `connecting`, `waiting` or `none`.
pub const RELAY: &str = "relay";
/// A button of the language switch; `lang` is its language.
pub const LANGUAGE: &str = "language";
/// The node's state in words; `data-state` is `starting`, `failed`, `waiting-for-peers`,
/// `headers`, `blocks` or `synced`.
pub const NODE_STATE: &str = "node-state";
/// The progress bar of syncing; there only while it moves.
pub const SYNC_PROGRESS: &str = "sync-progress";
/// The tip's height; `data-value` is the number.
pub const HEIGHT: &str = "height";
/// The tip; `data-id` is its id.
pub const TIP: &str = "tip";
/// The sum of unspent outputs; `data-value` is the number of FED.
pub const SUPPLY: &str = "supply";
/// How many peers are connected; `data-value` is the number.
pub const PEER_COUNT: &str = "peer-count";
/// How many payments wait; `data-value` is the number.
pub const MEMPOOL_COUNT: &str = "mempool-count";
/// Where the chain is kept; `data-state` is `opfs` or `memory`.
pub const STORAGE: &str = "storage";
/// One thing worth knowing about the node.
pub const NOTICE: &str = "notice";
/// The button that dials a lost relay now.
pub const TRY_NOW: &str = "try-now";
/// The notice that a newer version of the page is ready.
pub const NEW_VERSION: &str = "new-version";
/// Hides a notice until the page is loaded anew.
pub const NOTICE_DISMISS: &str = "notice-dismiss";
/// Why no node runs.
pub const FAILURE: &str = "failure";
/// Starts the node again.
pub const RETRY: &str = "retry";
/// The list of blocks; the element that is scrolled.
pub const BLOCKS: &str = "blocks";
/// One block of the list, which holds only those near the visible ones; `data-id`, `data-height`, `data-state`
/// (`primary`, `side`, `header-only`, `invalid`, `orphan`), `data-own` (`true`, `false`), `data-payments`.
pub const BLOCK: &str = "block";
/// The block tree.
pub const TREE: &str = "tree";
/// One block of the tree; `data-id`, `data-height`, `data-state` and `data-own` as of `block`; `data-tip`;
/// `data-lit` is `true` where the last reorganisation told has put it on the primary chain.
pub const TREE_BLOCK: &str = "tree-block";
/// A block to come; `data-height`, `data-payments`.
pub const COMING_BLOCK: &str = "coming-block";
/// A payment in it; `data-id`.
pub const COMING_PAYMENT: &str = "coming-payment";
/// A chart of the network; `data-name` is `hash-rate`, `difficulty` or `spacing`, `data-points` their number.
pub const CHART: &str = "chart";
/// A button that chooses what part of the chain the charts show.
pub const CHART_RANGE: &str = "chart-range";
/// The network's hash rate; `data-value` is the number.
pub const NETWORK_HASH_RATE: &str = "network-hash-rate";
/// One transaction of an address; `data-id`.
pub const ADDRESS_TRANSACTION: &str = "address-transaction";
/// Shows older transactions of an address.
pub const ADDRESS_OLDER: &str = "address-older";
/// Told reorganisations.
pub const REORGANISATION: &str = "reorganisation";
/// Goes to the list's end.
pub const BLOCKS_OLDEST: &str = "blocks-oldest";
/// Goes to the newest blocks again.
pub const BLOCKS_NEWEST: &str = "blocks-newest";
/// The search field.
pub const FIND_TEXT: &str = "find-text";
/// Searches.
pub const FIND: &str = "find";
/// Said when nothing was found.
pub const FIND_ANSWER: &str = "find-answer";
/// A block with all it holds; `data-id`.
pub const BLOCK_DETAILS: &str = "block-details";
/// A transaction with all it holds; `data-id`.
pub const TRANSACTION_DETAILS: &str = "transaction-details";
/// An address with what it holds; `data-id`.
pub const ADDRESS_DETAILS: &str = "address-details";
/// Closes the dialog it is in.
pub const DIALOG_CLOSE: &str = "dialog-close";
/// The list of waiting payments.
pub const MEMPOOL: &str = "mempool";
/// One waiting payment; `data-id`.
pub const MEMPOOL_PAYMENT: &str = "mempool-payment";
/// The table of peers.
pub const PEERS: &str = "peers";
/// Dials the relays now.
pub const RECONNECT: &str = "reconnect";
/// Makes a key.
pub const KEY_NEW: &str = "key-new";
/// Opens the import dialog.
pub const KEY_IMPORT: &str = "key-import";
/// The private key to import.
pub const KEY_IMPORT_TEXT: &str = "key-import-text";
/// The file to import.
pub const KEY_IMPORT_FILE: &str = "key-import-file";
/// Imports.
pub const KEY_IMPORT_ACTION: &str = "key-import-action";
/// Why a key was not made, imported, exported or removed.
pub const KEY_PROBLEM: &str = "key-problem";
/// Opens the export dialog.
pub const KEY_EXPORT: &str = "key-export";
/// Shows the private key.
pub const KEY_EXPORT_SHOW: &str = "key-export-show";
/// The private key, while shown.
pub const PRIVATE_KEY: &str = "private-key";
/// Saves the private key as a file.
pub const KEY_EXPORT_SAVE: &str = "key-export-save";
/// Opens the removal dialog.
pub const KEY_REMOVE: &str = "key-remove";
/// Must be ticked before a key can be removed.
pub const KEY_REMOVE_UNDERSTOOD: &str = "key-remove-understood";
/// Removes the key.
pub const KEY_REMOVE_ACTION: &str = "key-remove-action";
/// The key in use, where there are several; its options' values are addresses.
pub const KEY_SELECT: &str = "key-select";
/// The own address; its text is whole.
pub const ADDRESS: &str = "address";
/// The own public key in hex; its text is whole.
pub const PUBLIC_KEY: &str = "public-key";
/// What can be spent now; `data-value` is the number of FED. So have the next four.
pub const SPENDABLE: &str = "spendable";
/// What is confirmed.
pub const CONFIRMED: &str = "confirmed";
/// What is on its way in.
pub const PENDING_IN: &str = "pending-in";
/// What is on its way out.
pub const PENDING_OUT: &str = "pending-out";
/// Rewards that cannot be spent yet.
pub const IMMATURE: &str = "immature";
/// Whether a passphrase guards the keys; `data-state` is `none`, `locked` or `unlocked`.
pub const LOCK_STATE: &str = "lock-state";
/// Locks the wallet.
pub const LOCK: &str = "lock";
/// After how many minutes without input the wallet locks itself; 0 is never.
pub const LOCK_AFTER: &str = "lock-after";
/// The passphrase that unlocks the wallet.
pub const UNLOCK_PASSPHRASE: &str = "unlock-passphrase";
/// Unlocks the wallet.
pub const UNLOCK: &str = "unlock";
/// Why it was not unlocked.
pub const UNLOCK_PROBLEM: &str = "unlock-problem";
/// Opens the dialog that sets, changes or removes the passphrase.
pub const PROTECT: &str = "protect";
/// The passphrase so far.
pub const PASSPHRASE_CURRENT: &str = "passphrase-current";
/// A new passphrase.
pub const PASSPHRASE_NEW: &str = "passphrase-new";
/// The same again.
pub const PASSPHRASE_AGAIN: &str = "passphrase-again";
/// Sets or changes the passphrase.
pub const PROTECT_ACTION: &str = "protect-action";
/// Goes without a passphrase.
pub const PROTECT_REMOVE: &str = "protect-remove";
/// Why the passphrase was not changed.
pub const PROTECT_PROBLEM: &str = "protect-problem";
/// The passphrase, where a locked wallet is used once.
pub const PASSPHRASE: &str = "passphrase";
/// Opens the backup dialog.
pub const BACKUP: &str = "backup";
/// Says that only this browser has keys that hold money.
pub const BACKUP_REMINDER: &str = "backup-reminder";
/// Saves the backup.
pub const BACKUP_SAVE: &str = "backup-save";
/// Says that it was saved.
pub const BACKUP_SAVED: &str = "backup-saved";
/// Why it was not.
pub const BACKUP_PROBLEM: &str = "backup-problem";
/// What the key in use is called.
pub const KEY_NAME: &str = "key-name";
/// The name of a key to import.
pub const KEY_IMPORT_NAME: &str = "key-import-name";
/// The passphrase of a backup to import.
pub const KEY_IMPORT_PASSPHRASE: &str = "key-import-passphrase";
/// The end of the address, to be typed before a key that holds money is removed.
pub const KEY_REMOVE_TYPED: &str = "key-remove-typed";
/// Opens the dialog with the QR code.
pub const RECEIVE: &str = "receive";
/// The amount to ask for.
pub const RECEIVE_AMOUNT: &str = "receive-amount";
/// The payment request; its text is whole.
pub const PAYMENT_URI: &str = "payment-uri";
/// The QR code; `data-value` is its text.
pub const QR_CODE: &str = "qr-code";
/// Opens the dialog that scans QR codes; not there where the browser reads none.
pub const SCAN: &str = "scan";
/// What the camera sees.
pub const SCAN_VIDEO: &str = "scan-video";
/// A picture to scan.
pub const SCAN_IMAGE: &str = "scan-image";
/// Why nothing was scanned.
pub const SCAN_PROBLEM: &str = "scan-problem";
/// Pays all that there is.
pub const SEND_ALL: &str = "send-all";
/// One choice of the fee; `value` is `economic`, `usual`, `urgent` or `own`.
pub const FEE_CHOICE: &str = "fee-choice";
/// The fee and the expected wait; `data-value` is the fee in FED, `data-blocks` the wait, if any is known.
pub const FEE_QUOTE: &str = "fee-quote";
/// Opens the dialog that raises a waiting payment's fee.
pub const BUMP: &str = "bump";
/// The new fee; what is wrong with it is at the same name with `-error` behind it.
pub const BUMP_FEE: &str = "bump-fee";
/// Where a high fee is typed once more; there only for such a one.
pub const BUMP_FEE_AGAIN: &str = "bump-fee-again";
/// Raises the fee.
pub const BUMP_CONFIRM: &str = "bump-confirm";
/// Why it was not raised.
pub const BUMP_PROBLEM: &str = "bump-problem";
/// The history.
pub const HISTORY: &str = "history";
/// Shows newer entries.
pub const HISTORY_NEWER: &str = "history-newer";
/// Shows older entries.
pub const HISTORY_OLDER: &str = "history-older";
/// Saves the history as a table.
pub const HISTORY_CSV: &str = "history-csv";
/// How far that is.
pub const HISTORY_SAVING: &str = "history-saving";
/// One line of the history; `data-id` is the transaction's id.
pub const HISTORY_ENTRY: &str = "history-entry";
/// The recipient to pay.
pub const SEND_RECIPIENT: &str = "send-recipient";
/// What is wrong with the recipient.
pub const SEND_RECIPIENT_ERROR: &str = "send-recipient-error";
/// The amount to pay; what is wrong with it is at the same name with `-error` behind it.
pub const SEND_AMOUNT: &str = "send-amount";
/// The fee; what is wrong with it is at the same name with `-error` behind it.
pub const SEND_FEE: &str = "send-fee";
/// Asks for confirmation.
pub const SEND_REVIEW: &str = "send-review";
/// Where a high fee is typed once more; there only for such a one.
pub const SEND_FEE_AGAIN: &str = "send-fee-again";
/// How many payments it takes, if more than one; `data-value` is the number.
pub const SEND_PAYMENTS: &str = "send-payments";
/// Pays.
pub const SEND_CONFIRM: &str = "send-confirm";
/// Does not pay.
pub const SEND_CANCEL: &str = "send-cancel";
/// Why nothing was paid.
pub const SEND_PROBLEM: &str = "send-problem";
/// One payment sent from this tab; `data-id`, `data-state` (`waiting`, `confirmed`, `dropped`),
/// `data-confirmations`.
pub const SENT_PAYMENT: &str = "sent-payment";
/// Payments of one's own that were confirmed and are undone for good.
pub const UNDONE_PAYMENTS: &str = "undone-payments";
/// One of them; `data-id`, `data-reason`.
pub const UNDONE_PAYMENT: &str = "undone-payment";
/// Starts mining.
pub const MINING_START: &str = "mining-start";
/// Pauses mining.
pub const MINING_PAUSE: &str = "mining-pause";
/// How many threads mine.
pub const MINING_THREADS: &str = "mining-threads";
/// The share of each core in percent.
pub const MINING_SHARE: &str = "mining-share";
/// The policy "on demand".
pub const MINING_ON_DEMAND: &str = "mining-on-demand";
/// The policy "always".
pub const MINING_ALWAYS: &str = "mining-always";
/// Whether to rest on battery.
pub const MINING_REST_ON_BATTERY: &str = "mining-rest-on-battery";
/// Hidden: mine on.
pub const MINING_HIDDEN_GO_ON: &str = "mining-hidden-go-on";
/// Hidden: rest after a time.
pub const MINING_HIDDEN_REST_LATER: &str = "mining-hidden-rest-later";
/// Hidden: rest at once.
pub const MINING_HIDDEN_REST_AT_ONCE: &str = "mining-hidden-rest-at-once";
/// Whether it mines, and why not; `data-state` is `off`, `no-key`, `on-battery`, `hidden`, `measuring`, `syncing`,
/// `checking`, `nothing` or `mining`; while mining, `data-height` and `data-generation` are those of the job.
pub const MINING_STATE: &str = "mining-state";
/// Hashes per second; `data-value` is the number.
pub const HASH_RATE: &str = "hash-rate";
/// Hashes so far; `data-value` is the number.
pub const HASHES: &str = "hashes";
/// The share of them that came too late; `data-value` is their number.
pub const STALE_HASHES: &str = "stale-hashes";
/// Blocks found; `data-value` is the number.
pub const BLOCKS_FOUND: &str = "blocks-found";
/// Preemption latency; `data-p50` and `data-p99` in milliseconds, `data-count`, and `data-flag`: whether memory is
/// shared.
pub const PREEMPTION: &str = "preemption";
/// One mining worker; `data-state` is `starting`, `idle`, `searching` or `silent`.
pub const WORKER: &str = "worker";
/// The name of a worker's kernel.
pub const WORKER_KERNEL: &str = "worker-kernel";
/// Measures this machine.
pub const MEASURE: &str = "measure";
/// Ends the measurement.
pub const MEASURE_CANCEL: &str = "measure-cancel";
/// How far the measurement is; `data-state` is `idle`, `running`, `done` or `failed`.
pub const MEASUREMENT_STATE: &str = "measurement-state";
/// One kernel measured; `data-name`, and `data-value` in hashes per second.
pub const MEASURED_KERNEL: &str = "measured-kernel";
/// How soon the worker stopped; `data-p50` and `data-p99` in milliseconds.
pub const MEASURED_PAUSES: &str = "measured-pauses";
/// The list of events.
pub const LOG: &str = "log";
/// One event.
pub const LOG_ENTRY: &str = "log-entry";
