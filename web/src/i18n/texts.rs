/// A sentence with one value in it.
pub(crate) type With1 = fn(&str) -> String;
/// A sentence with two values in it.
pub(crate) type With2 = fn(&str, &str) -> String;
/// A sentence with three values in it.
pub(crate) type With3 = fn(&str, &str, &str) -> String;

/// Every text of the page in one language: a language that lacks one does not compile.
pub(crate) struct Texts {
    /// Words used everywhere.
    pub(crate) common: CommonTexts,
    /// Header and footer.
    pub(crate) header: HeaderTexts,
    /// Node state.
    pub(crate) node: NodeTexts,
    /// Why no node runs.
    pub(crate) failure: FailureTexts,
    /// The chain and one block.
    pub(crate) chain: ChainTexts,
    /// Waiting payments and one payment.
    pub(crate) payment: PaymentTexts,
    /// Peers.
    pub(crate) peers: PeerTexts,
    /// Keys and balances.
    pub(crate) wallet: WalletTexts,
    /// Paying.
    pub(crate) send: SendTexts,
    /// Mining.
    pub(crate) mining: MiningTexts,
    /// The event log.
    pub(crate) log: LogTexts,
    /// What typed texts are not.
    pub(crate) input: InputTexts,
    /// The views and the way between them.
    pub(crate) view: super::view::ViewTexts,
}

/// Words used everywhere.
pub(crate) struct CommonTexts {
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) copy_failed: &'static str,
    pub(crate) close: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) you: &'static str,
    pub(crate) just_now: &'static str,
    pub(crate) seconds_ago: With1,
    pub(crate) minutes_ago: With1,
    pub(crate) hours_ago: With1,
    pub(crate) days_ago: With1,
    pub(crate) not_running: &'static str,
}

/// Header and footer.
pub(crate) struct HeaderTexts {
    pub(crate) tagline: &'static str,
    pub(crate) network: &'static str,
    pub(crate) network_id: &'static str,
    pub(crate) language: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) relay_ready: &'static str,
    pub(crate) relay_connecting: &'static str,
    pub(crate) relay_waiting: &'static str,
    pub(crate) relay_retry: With1,
    pub(crate) no_node: &'static str,
    pub(crate) starting: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) slot: With1,
}

/// Node state.
pub(crate) struct NodeTexts {
    pub(crate) title: &'static str,
    pub(crate) starting: &'static str,
    pub(crate) starting_long: &'static str,
    pub(crate) waiting_for_peers: &'static str,
    pub(crate) headers: With1,
    pub(crate) blocks: With2,
    pub(crate) synced: With1,
    pub(crate) progress: &'static str,
    pub(crate) height: &'static str,
    pub(crate) tip: &'static str,
    pub(crate) supply: &'static str,
    pub(crate) peers: &'static str,
    pub(crate) waiting_payments: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) in_memory: &'static str,
    pub(crate) difficulty: &'static str,
    pub(crate) memory_not_secure: &'static str,
    pub(crate) memory_not_supported: &'static str,
    pub(crate) memory_slots_busy: With1,
    pub(crate) memory_refused: With1,
    pub(crate) keys_in_memory: With1,
    pub(crate) slow_verifier: &'static str,
    pub(crate) set_aside: With2,
    pub(crate) relay_gone: With1,
    pub(crate) notices: &'static str,
}

/// Why no node runs.
pub(crate) struct FailureTexts {
    pub(crate) title: &'static str,
    pub(crate) keys_safe: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) no_answer: &'static str,
    pub(crate) no_network: With1,
    pub(crate) params: With1,
    pub(crate) storage: With1,
    pub(crate) corrupt: With1,
    pub(crate) other: With1,
    pub(crate) stopped: &'static str,
}

/// The chain and one block.
pub(crate) struct ChainTexts {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) payments_none: &'static str,
    pub(crate) payments_one: &'static str,
    pub(crate) payments_many: With1,
    pub(crate) mined_by: With1,
    pub(crate) mined_here: &'static str,
    pub(crate) genesis: &'static str,
    pub(crate) primary: &'static str,
    pub(crate) side: &'static str,
    pub(crate) header_only: &'static str,
    pub(crate) invalid: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newer: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) reorganised: With2,
    pub(crate) dismiss: &'static str,
    pub(crate) block: With1,
    pub(crate) open_block: With1,
    pub(crate) id: &'static str,
    pub(crate) previous: &'static str,
    pub(crate) time: &'static str,
    pub(crate) miner: &'static str,
    pub(crate) reward: &'static str,
    pub(crate) size: &'static str,
    pub(crate) target: &'static str,
    pub(crate) nonce: &'static str,
    pub(crate) merkle_root: &'static str,
    pub(crate) place: &'static str,
    pub(crate) confirmations: &'static str,
    pub(crate) payments: &'static str,
    pub(crate) not_stored: &'static str,
    pub(crate) find: &'static str,
    pub(crate) find_hint: &'static str,
    pub(crate) find_action: &'static str,
    pub(crate) found_nothing: &'static str,
}

/// Waiting payments and one payment.
pub(crate) struct PaymentTexts {
    pub(crate) mempool: &'static str,
    pub(crate) mempool_none: &'static str,
    pub(crate) mempool_sum: With2,
    pub(crate) mempool_more: With1,
    pub(crate) title: &'static str,
    pub(crate) coinbase_title: &'static str,
    pub(crate) open: With1,
    pub(crate) id: &'static str,
    pub(crate) from: &'static str,
    pub(crate) change: &'static str,
    pub(crate) fee: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) inputs: &'static str,
    pub(crate) outputs: &'static str,
    pub(crate) state: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) replaceable: &'static str,
    pub(crate) in_block: With1,
    pub(crate) confirmed_one: With1,
    pub(crate) confirmed_many: With2,
    pub(crate) replaced: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) new_coins: &'static str,
    pub(crate) to_self: &'static str,
}

/// Peers.
pub(crate) struct PeerTexts {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) height: &'static str,
    pub(crate) round_trip: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) reconnect: &'static str,
}

/// Keys and balances.
pub(crate) struct WalletTexts {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) new_key: &'static str,
    pub(crate) import: &'static str,
    pub(crate) import_title: &'static str,
    pub(crate) import_hint: &'static str,
    pub(crate) import_text: &'static str,
    pub(crate) import_file: &'static str,
    pub(crate) import_action: &'static str,
    pub(crate) import_file_large: &'static str,
    pub(crate) import_file_unreadable: &'static str,
    pub(crate) export: &'static str,
    pub(crate) export_title: &'static str,
    pub(crate) export_warning: &'static str,
    pub(crate) export_show: &'static str,
    pub(crate) export_save: &'static str,
    pub(crate) private_key: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) remove_title: &'static str,
    pub(crate) remove_warning: With2,
    pub(crate) remove_understood: &'static str,
    pub(crate) remove_action: &'static str,
    pub(crate) key: &'static str,
    pub(crate) spendable: &'static str,
    pub(crate) confirmed: &'static str,
    pub(crate) pending_in: &'static str,
    pub(crate) pending_out: &'static str,
    pub(crate) immature: &'static str,
    pub(crate) address: &'static str,
    pub(crate) public_key: &'static str,
    pub(crate) public_key_hint: &'static str,
    pub(crate) manage: &'static str,
    pub(crate) backup: &'static str,
    pub(crate) history: &'static str,
    pub(crate) history_none: &'static str,
    pub(crate) mined: &'static str,
    pub(crate) received: With1,
    pub(crate) paid: With1,
    pub(crate) to_self: &'static str,
    pub(crate) show_more: &'static str,
    pub(crate) problem_unknown: &'static str,
    pub(crate) problem_full: With1,
    pub(crate) problem_storage: With1,
}

/// Paying.
pub(crate) struct SendTexts {
    pub(crate) title: &'static str,
    pub(crate) recipient: &'static str,
    pub(crate) recipient_hint: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) fee: &'static str,
    pub(crate) action: &'static str,
    pub(crate) confirm_title: &'static str,
    pub(crate) confirm: With2,
    pub(crate) confirm_fee: With2,
    pub(crate) confirm_rest: With1,
    pub(crate) to_yourself: &'static str,
    pub(crate) final_warning: &'static str,
    pub(crate) confirm_action: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) payments: &'static str,
    pub(crate) no_key: &'static str,
    pub(crate) amount_zero: &'static str,
    pub(crate) not_enough: With2,
    pub(crate) refused: With1,
    pub(crate) too_many_coins: With2,
    pub(crate) out_of_range: With1,
    pub(crate) conflict: &'static str,
    pub(crate) missing_inputs: &'static str,
    pub(crate) too_many_ancestors: &'static str,
    pub(crate) fee_too_low: With1,
    pub(crate) pool_full: &'static str,
}

/// Mining.
pub(crate) struct MiningTexts {
    pub(crate) title: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) start: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) needs_key: &'static str,
    pub(crate) threads: &'static str,
    pub(crate) threads_of: With1,
    pub(crate) share: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) on_demand: &'static str,
    pub(crate) always: &'static str,
    pub(crate) off: &'static str,
    pub(crate) syncing: &'static str,
    pub(crate) checking: With1,
    pub(crate) nothing: &'static str,
    pub(crate) nothing_always: &'static str,
    pub(crate) mining: With3,
    pub(crate) rate: &'static str,
    pub(crate) rate_chart: With2,
    pub(crate) found: &'static str,
    pub(crate) hashes: &'static str,
    pub(crate) preemption: &'static str,
    pub(crate) preemption_value: With2,
    pub(crate) worker: With1,
    pub(crate) workers: &'static str,
    pub(crate) starting: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) searching: &'static str,
    pub(crate) silent: &'static str,
    pub(crate) restarts: With1,
}

/// The event log.
pub(crate) struct LogTexts {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) tip: With2,
    pub(crate) tips: With3,
    pub(crate) reorganised: With3,
    pub(crate) mined: With3,
    pub(crate) side: With2,
    pub(crate) block_rejected: With2,
    pub(crate) payment: With1,
    pub(crate) payment_here: With1,
    pub(crate) payment_returned: With1,
    pub(crate) payment_dropped: With1,
    pub(crate) payment_refused: With2,
    pub(crate) block_refused: With2,
    pub(crate) peer_ready: With2,
    pub(crate) peer_gone: With1,
    pub(crate) dial_failed: With3,
    pub(crate) sync_waiting: &'static str,
    pub(crate) sync_headers: With1,
    pub(crate) sync_blocks: With2,
    pub(crate) sync_done: &'static str,
    pub(crate) storage_corrupt: With1,
    pub(crate) miner_replaced: With1,
    pub(crate) woke_up: With1,
    pub(crate) verifier_fell_back: With1,
    pub(crate) socket_dropped: With2,
    pub(crate) node_ready: With1,
    pub(crate) node_failed: With1,
}

/// What typed texts are not.
pub(crate) struct InputTexts {
    pub(crate) amount_not_a_number: With1,
    pub(crate) amount_too_precise: With1,
    pub(crate) amount_too_large: With2,
    pub(crate) address_misspelt: With1,
    pub(crate) address_wrong_prefix: With1,
    pub(crate) address_wrong_length: With1,
    pub(crate) key_not_hex: &'static str,
    pub(crate) key_not_private: &'static str,
    pub(crate) key_not_public: &'static str,
    pub(crate) key_private_instead_of_public: &'static str,
}
