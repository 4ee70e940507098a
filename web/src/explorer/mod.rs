//! The chain, its blocks and payments, the mempool, and search.

pub(crate) mod address_text;
pub(crate) mod address_transactions;
pub(crate) mod address_view;
pub(crate) mod balance_change;
pub(crate) mod block_fees;
pub(crate) mod block_list;
pub(crate) mod block_row;
pub(crate) mod block_search;
pub(crate) mod block_view;
pub(crate) mod chain_panel;
pub(crate) mod inspector;
pub(crate) mod list_window;
pub(crate) mod mempool_panel;
pub(crate) mod neighbours;
pub(crate) mod payment_flow;
pub(crate) mod share;
pub(crate) mod subject;
pub(crate) mod transaction_view;
