//! The values of `data-testid` attributes, on which browser tests may rely. Texts and layout may change, these do not.
//! If a value is shown shortened or translated, the element also has the attributes listed here, which hold it in full
//! and independent of the language.

/// The whole page once it runs.
pub const APP: &str = "app";
/// A link to a view; `data-view` is `overview`, `blocks`, `wallet`, `mining`, `node` or `rules`.
pub const VIEW_LINK: &str = "view-link";
/// A view; `data-view`. All are in the document, the others hidden.
pub const VIEW: &str = "view";
/// A link to the network’s rules.
pub const RULES_LINK: &str = "rules-link";
/// The network’s rules.
pub const RULES: &str = "rules";
/// Network name; `data-id` is the network id.
pub const NETWORK: &str = "network";
/// The relay connection; `data-state` is `ready`, `connecting`, `waiting` or `none`; `data-carrier` is `websocket` or
/// `http`.
pub const RELAY: &str = "relay";
/// A button of the language switch; `lang` is its language.
pub const LANGUAGE: &str = "language";
/// The node's state in words; `data-state` is `starting`, `failed`, `waiting-for-peers`,
/// `headers`, `blocks` or `synced`.
pub const NODE_STATE: &str = "node-state";
/// The progress bar of a sync; present only during a sync.
pub const SYNC_PROGRESS: &str = "sync-progress";
/// The tip's height; `data-value` is the number.
pub const HEIGHT: &str = "height";
/// The tip; `data-id` is its id.
pub const TIP: &str = "tip";
/// The sum of unspent outputs; `data-value` is the number of FED.
pub const SUPPLY: &str = "supply";
/// Number of connected peers; `data-value` is the number.
pub const PEER_COUNT: &str = "peer-count";
/// Number of payments in the mempool; `data-value` is the number.
pub const MEMPOOL_COUNT: &str = "mempool-count";
/// Storage of the chain; `data-state` is `opfs` or `memory`.
pub const STORAGE: &str = "storage";
/// A notice about the node.
pub const NOTICE: &str = "notice";
/// The button that dials a lost relay now.
pub const TRY_NOW: &str = "try-now";
/// The notice that a newer version of the page is ready.
pub const NEW_VERSION: &str = "new-version";
/// Hides a notice until the page is reloaded.
pub const NOTICE_DISMISS: &str = "notice-dismiss";
/// The reason why no node is running.
pub const FAILURE: &str = "failure";
/// Starts the node again.
pub const RETRY: &str = "retry";
/// The list of blocks, which is the scrolling element.
pub const BLOCKS: &str = "blocks";
/// One block of the list, which holds only those near the visible ones; `data-id`, `data-height`, `data-state`
/// (`primary`, `side`, `header-only`, `invalid`, `orphan`), `data-own` (`true`, `false`), `data-payments`.
pub const BLOCK: &str = "block";
/// The block tree.
pub const TREE: &str = "tree";
/// One block of the tree; `data-id`, `data-height`, `data-state` and `data-own` as for `block`; `data-fee` is the level of
/// its fees, from 0 to 4; `data-tip`; `data-lit`
/// is `true` if the last reported reorganisation connected it.
pub const TREE_BLOCK: &str = "tree-block";
/// A coming block; `data-height`, `data-payments`.
pub const COMING_BLOCK: &str = "coming-block";
/// A payment in the next block; `data-id`; `data-own` is `true` if it is from or to an own key; `data-fee` is the level of
/// its fee, from 0 to 4.
pub const COMING_PAYMENT: &str = "coming-payment";
/// A chart of the network; `data-name` is `hash-rate`, `difficulty` or `spacing`, `data-points` the number of points.
pub const CHART: &str = "chart";
/// A button that selects the part of the chain for the charts.
pub const CHART_RANGE: &str = "chart-range";
/// The network's hash rate; `data-value` is the number.
pub const NETWORK_HASH_RATE: &str = "network-hash-rate";
/// One transaction of an address; `data-id`.
pub const ADDRESS_TRANSACTION: &str = "address-transaction";
/// Shows older transactions of an address.
pub const ADDRESS_OLDER: &str = "address-older";
/// The reported reorganisations.
pub const REORGANISATION: &str = "reorganisation";
/// Scrolls to the end of the list.
pub const BLOCKS_OLDEST: &str = "blocks-oldest";
/// Scrolls back to the newest blocks.
pub const BLOCKS_NEWEST: &str = "blocks-newest";
/// The search field.
pub const FIND_TEXT: &str = "find-text";
/// Starts the search.
pub const FIND: &str = "find";
/// The message that nothing was found.
pub const FIND_ANSWER: &str = "find-answer";
/// Opens what is nearest to a search that found nothing.
pub const FIND_NEAREST: &str = "find-nearest";
/// A block in full; `data-id`.
pub const BLOCK_DETAILS: &str = "block-details";
/// Goes to the block or transaction before the one shown.
pub const PREVIOUS: &str = "previous";
/// Goes to the block or transaction after the one shown.
pub const NEXT: &str = "next";
/// A transaction in full; `data-id`.
pub const TRANSACTION_DETAILS: &str = "transaction-details";
/// An address with balance and history; `data-id`.
pub const ADDRESS_DETAILS: &str = "address-details";
/// Closes its dialog.
pub const DIALOG_CLOSE: &str = "dialog-close";
/// The table of waiting payments.
pub const MEMPOOL: &str = "mempool";
/// Sorts the waiting payments by a column: amount, fee or age.
pub const MEMPOOL_SORT: &str = "mempool-sort";
/// One waiting payment; `data-id`.
pub const MEMPOOL_PAYMENT: &str = "mempool-payment";
/// The table of peers.
pub const PEERS: &str = "peers";
/// Dials the relays now.
pub const RECONNECT: &str = "reconnect";
/// Creates a key.
pub const KEY_NEW: &str = "key-new";
/// Says which key was created and which is in use.
pub const KEY_MADE: &str = "key-made";
/// Opens the import dialog.
pub const KEY_IMPORT: &str = "key-import";
/// The private key to import.
pub const KEY_IMPORT_TEXT: &str = "key-import-text";
/// Where a file may be dropped.
pub const KEY_DROP: &str = "key-drop";
/// The file to import.
pub const KEY_IMPORT_FILE: &str = "key-import-file";
/// Imports the key.
pub const KEY_IMPORT_ACTION: &str = "key-import-action";
/// Why a key was not created, imported, exported or removed.
pub const KEY_PROBLEM: &str = "key-problem";
/// Opens the export dialog.
pub const KEY_EXPORT: &str = "key-export";
/// Shows the private key.
pub const KEY_EXPORT_SHOW: &str = "key-export-show";
/// The private key, while shown.
pub const PRIVATE_KEY: &str = "private-key";
/// Shows the private key as words.
pub const KEY_WORDS_SHOW: &str = "key-words-show";
/// The words, while shown, an item each.
pub const KEY_WORDS: &str = "key-words";
/// Saves the private key as a file.
pub const KEY_EXPORT_SAVE: &str = "key-export-save";
/// Opens the removal dialog.
pub const KEY_REMOVE: &str = "key-remove";
/// Must be ticked before a key can be removed.
pub const KEY_REMOVE_UNDERSTOOD: &str = "key-remove-understood";
/// Removes the key.
pub const KEY_REMOVE_ACTION: &str = "key-remove-action";
/// The key in use, if there are several; the options' values are addresses.
pub const KEY_SELECT: &str = "key-select";
/// The own address in full.
pub const ADDRESS: &str = "address";
/// The own public key in hex, in full.
pub const PUBLIC_KEY: &str = "public-key";
/// Spendable amount; `data-value` is the number of FED. The next four have it, too.
pub const SPENDABLE: &str = "spendable";
/// Confirmed amount.
pub const CONFIRMED: &str = "confirmed";
/// Pending incoming amount.
pub const PENDING_IN: &str = "pending-in";
/// Pending outgoing amount.
pub const PENDING_OUT: &str = "pending-out";
/// Mining rewards that are not mature yet.
pub const IMMATURE: &str = "immature";
/// Whether a passphrase protects the keys; `data-state` is `none`, `locked` or `unlocked`.
pub const LOCK_STATE: &str = "lock-state";
/// Locks the wallet.
pub const LOCK: &str = "lock";
/// Number of minutes without input after which the wallet locks itself; 0 means never.
pub const LOCK_AFTER: &str = "lock-after";
/// The passphrase that unlocks the wallet.
pub const UNLOCK_PASSPHRASE: &str = "unlock-passphrase";
/// Unlocks the wallet.
pub const UNLOCK: &str = "unlock";
/// Why the wallet was not unlocked.
pub const UNLOCK_PROBLEM: &str = "unlock-problem";
/// Opens the dialog that sets, changes or removes the passphrase.
pub const PROTECT: &str = "protect";
/// The current passphrase.
pub const PASSPHRASE_CURRENT: &str = "passphrase-current";
/// A new passphrase.
pub const PASSPHRASE_NEW: &str = "passphrase-new";
/// The repeated passphrase.
pub const PASSPHRASE_AGAIN: &str = "passphrase-again";
/// Sets or changes the passphrase.
pub const PROTECT_ACTION: &str = "protect-action";
/// Removes the passphrase.
pub const PROTECT_REMOVE: &str = "protect-remove";
/// Why the passphrase was not changed.
pub const PROTECT_PROBLEM: &str = "protect-problem";
/// The passphrase for one use of a locked wallet.
pub const PASSPHRASE: &str = "passphrase";
/// Says that more mining workers bring nothing.
pub const MINING_ENOUGH: &str = "mining-enough";
/// The build of this page.
pub const BUILD: &str = "build";
/// Opens the backup dialog.
pub const BACKUP: &str = "backup";
/// The reminder that only this browser has keys with coins.
pub const BACKUP_REMINDER: &str = "backup-reminder";
/// Saves the backup.
pub const BACKUP_SAVE: &str = "backup-save";
/// The message that the backup was saved.
pub const BACKUP_SAVED: &str = "backup-saved";
/// Why the backup was not saved.
pub const BACKUP_PROBLEM: &str = "backup-problem";
/// Says that the saved backup is there.
pub const BACKUP_HAVE: &str = "backup-have";
/// What the key in use is called.
pub const KEY_NAME: &str = "key-name";
/// The name of a key to import.
pub const KEY_IMPORT_NAME: &str = "key-import-name";
/// The passphrase of a backup to import.
pub const KEY_IMPORT_PASSPHRASE: &str = "key-import-passphrase";
/// The end of the address, which must be typed before a key with coins is removed.
pub const KEY_REMOVE_TYPED: &str = "key-remove-typed";
/// Opens the dialog with the QR code.
pub const RECEIVE: &str = "receive";
/// The requested amount.
pub const RECEIVE_AMOUNT: &str = "receive-amount";
/// The payment request in full.
pub const PAYMENT_URI: &str = "payment-uri";
/// The same as a link to the page.
pub const PAYMENT_LINK: &str = "payment-link";
/// The QR code; `data-value` is its text.
pub const QR_CODE: &str = "qr-code";
/// Opens the dialog that scans QR codes; absent if the browser cannot read them.
pub const SCAN: &str = "scan";
/// The camera's picture.
pub const SCAN_VIDEO: &str = "scan-video";
/// A picture to scan.
pub const SCAN_IMAGE: &str = "scan-image";
/// Why nothing was scanned.
pub const SCAN_PROBLEM: &str = "scan-problem";
/// Pays everything.
pub const SEND_ALL: &str = "send-all";
/// A choice of the fee; `value` is `economic`, `usual`, `urgent` or `own`.
pub const FEE_CHOICE: &str = "fee-choice";
/// The fee and the expected wait; `data-value` is the fee in FED, `data-blocks` the wait, if known.
pub const FEE_QUOTE: &str = "fee-quote";
/// Opens the dialog that raises a waiting payment's fee.
pub const BUMP: &str = "bump";
/// The fee that the payment pays now; `data-value` is the amount in FED.
pub const BUMP_NOW: &str = "bump-now";
/// The new fee; its error has the same name with the suffix `-error`.
pub const BUMP_FEE: &str = "bump-fee";
/// The field to type a high fee again; present only for a high fee.
pub const BUMP_FEE_AGAIN: &str = "bump-fee-again";
/// Raises the fee.
pub const BUMP_CONFIRM: &str = "bump-confirm";
/// Why the fee was not raised.
pub const BUMP_PROBLEM: &str = "bump-problem";
/// The history.
pub const HISTORY: &str = "history";
/// Shows newer entries.
pub const HISTORY_NEWER: &str = "history-newer";
/// Shows older entries.
pub const HISTORY_OLDER: &str = "history-older";
/// Saves the history as a table.
pub const HISTORY_CSV: &str = "history-csv";
/// Progress of saving the history.
pub const HISTORY_SAVING: &str = "history-saving";
/// One line of the history; `data-id` is the transaction's id, `data-kind` is `mined`, `received`, `paid` or
/// `to-self`, `data-state` is `waiting`, `confirmed` or `dropped`; of those not dropped, `data-confirmations`, and
/// `data-value`: what it adds to the balance.
pub const HISTORY_ENTRY: &str = "history-entry";
/// When a mining reward can be spent.
pub const MATURES: &str = "matures";
/// Opens the address book.
pub const CONTACTS: &str = "contacts";
/// A name in it; `data-id` is the address.
pub const CONTACT: &str = "contact";
/// Pays to it.
pub const CONTACT_PAY: &str = "contact-pay";
/// Deletes it.
pub const CONTACT_REMOVE: &str = "contact-remove";
/// The name to save.
pub const CONTACT_NAME: &str = "contact-name";
/// Its address.
pub const CONTACT_ADDRESS: &str = "contact-address";
/// Saves it.
pub const CONTACT_SAVE: &str = "contact-save";
/// Why it was not saved.
pub const CONTACT_PROBLEM: &str = "contact-problem";
/// Shows a part of the wallet, on narrow windows; `data-part` is `receive`, `pay` or `history`.
pub const WALLET_PART: &str = "wallet-part";
/// Keys and backups, folded away.
pub const KEYS: &str = "keys";
/// The recipient to pay.
pub const SEND_RECIPIENT: &str = "send-recipient";
/// What is wrong with the recipient.
pub const SEND_RECIPIENT_ERROR: &str = "send-recipient-error";
/// The amount to pay; its error has the same name with the suffix `-error`.
pub const SEND_AMOUNT: &str = "send-amount";
/// One of the two amounts that a typed text may mean; `data-value` is the amount in FED.
pub const AMOUNT_MEANING: &str = "amount-meaning";
/// The fee; its error has the same name with the suffix `-error`.
pub const SEND_FEE: &str = "send-fee";
/// Opens the confirmation.
pub const SEND_REVIEW: &str = "send-review";
/// The field to type a high fee again; present only for a high fee.
pub const SEND_FEE_AGAIN: &str = "send-fee-again";
/// Number of payments, if more than one; `data-value` is the number.
pub const SEND_PAYMENTS: &str = "send-payments";
/// Pays.
pub const SEND_CONFIRM: &str = "send-confirm";
/// Cancels the payment.
pub const SEND_CANCEL: &str = "send-cancel";
/// Why nothing was paid.
pub const SEND_PROBLEM: &str = "send-problem";
/// Says that a payment was sent.
pub const SENT: &str = "sent";
/// Own payments that were confirmed, and that a reorganisation undid for good.
pub const UNDONE_PAYMENTS: &str = "undone-payments";
/// One undone payment; `data-id`, `data-reason`.
pub const UNDONE_PAYMENT: &str = "undone-payment";
/// Starts mining.
pub const MINING_START: &str = "mining-start";
/// Pauses mining.
pub const MINING_PAUSE: &str = "mining-pause";
/// Number of mining threads.
pub const MINING_THREADS: &str = "mining-threads";
/// The share of each core in percent.
pub const MINING_SHARE: &str = "mining-share";
/// The policy "on demand".
pub const MINING_ON_DEMAND: &str = "mining-on-demand";
/// The policy "always".
pub const MINING_ALWAYS: &str = "mining-always";
/// Whether to rest on battery.
pub const MINING_REST_ON_BATTERY: &str = "mining-rest-on-battery";
/// While hidden: continue to mine.
pub const MINING_HIDDEN_GO_ON: &str = "mining-hidden-go-on";
/// While hidden: rest after a while.
pub const MINING_HIDDEN_REST_LATER: &str = "mining-hidden-rest-later";
/// While hidden: rest at once.
pub const MINING_HIDDEN_REST_AT_ONCE: &str = "mining-hidden-rest-at-once";
/// The mining state; `data-state` is `off`, `no-key`, `on-battery`, `hidden`, `measuring`, `syncing`, `checking`,
/// `nothing` or `mining`; while mining, `data-height` and `data-generation` are those of the job.
pub const MINING_STATE: &str = "mining-state";
/// Hashes per second; `data-value` is the number.
pub const HASH_RATE: &str = "hash-rate";
/// Hashes so far; `data-value` is the number.
pub const HASHES: &str = "hashes";
/// The share of stale hashes; `data-value` is their number.
pub const STALE_HASHES: &str = "stale-hashes";
/// Blocks found; `data-value` is the number.
pub const BLOCKS_FOUND: &str = "blocks-found";
/// When the tab can expect to find its next block.
pub const NEXT_OWN_BLOCK: &str = "next-own-block";
/// Unfolds the settings of mining.
pub const MINING_SETTINGS: &str = "mining-settings";
/// Unfolds the workers and more figures.
pub const MINING_DETAILS: &str = "mining-details";
/// Unfolds the measurement of this device.
pub const MINING_MEASUREMENT: &str = "mining-measurement";
/// Preemption latency; `data-p50` and `data-p99` in milliseconds, `data-count`, and `data-flag`: whether memory is
/// shared.
pub const PREEMPTION: &str = "preemption";
/// One mining worker; `data-state` is `starting`, `idle`, `searching`, `silent` or `blocked`.
pub const WORKER: &str = "worker";
/// The name of a worker's kernel.
pub const WORKER_KERNEL: &str = "worker-kernel";
/// Starts a measurement of this machine.
pub const MEASURE: &str = "measure";
/// Ends the measurement.
pub const MEASURE_CANCEL: &str = "measure-cancel";
/// Progress of the measurement; `data-state` is `idle`, `running`, `done` or `failed`.
pub const MEASUREMENT_STATE: &str = "measurement-state";
/// A measured kernel; `data-name`, and `data-value` in hashes per second.
pub const MEASURED_KERNEL: &str = "measured-kernel";
/// Time until the worker stopped; `data-p50` and `data-p99` in milliseconds.
pub const MEASURED_PAUSES: &str = "measured-pauses";
/// A message about the user's money that goes by itself, empty without one; `data-kind` is `received` or `mined`.
pub const TOAST: &str = "toast";
/// Closes a message.
pub const TOAST_CLOSE: &str = "toast-close";
/// Whether news sound.
pub const SOUND: &str = "sound";
/// The first steps; `data-value` is the number of those done.
pub const FIRST_STEPS: &str = "first-steps";
/// Ends them for good.
pub const FIRST_STEPS_END: &str = "first-steps-end";
/// One of them; `data-step` is `key`, `mine` or `pay`, `data-state` is `done`, `next` or `later`.
pub const FIRST_STEP: &str = "first-step";
/// Creates a key.
pub const FIRST_KEY: &str = "first-key";
/// Starts mining.
pub const FIRST_MINE: &str = "first-mine";
/// Mines empty blocks too; present only where mining waits for payments and the network allows empty blocks.
pub const MINE_EMPTY: &str = "mine-empty";
/// Says that another tab has the wallet.
pub const OTHER_TAB: &str = "other-tab";
/// Takes the other tab’s wallet over.
pub const OTHER_TAB_TAKE: &str = "other-tab-take";
/// The list of events.
pub const LOG: &str = "log";
/// One event.
pub const LOG_ENTRY: &str = "log-entry";
