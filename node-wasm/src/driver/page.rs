use super::{Driver, Flow, failure};
use crate::messages::{
    AddressDetails, Failure, FromNode, MAX_COINS_SHOWN, MAX_THREADS, MiningOptions, ToNode, WalletCommand,
};
use crate::view::{address_history, search, transactions};
use fedcoin_node::primitives::Address;
use fedcoin_node::{Command, Input, MiningSettings, RequestId};
use fedcoin_store::StoreError;

impl Driver {
    /// Processes a message from the page.
    pub(super) async fn page_said(&mut self, message: ToNode, since: f64) -> Result<Flow, Failure> {
        match message {
            ToNode::Start(_) => {}
            ToNode::Ping => self.outgoing.push(FromNode::Pong),
            ToNode::Stop => return Ok(Flow::Stop),
            ToNode::Reconnect => self.reconnect(since)?,
            ToNode::SetMining(options) => self.set_mining(options, since)?,
            ToNode::Circumstances(seen) => self.circumstances_changed(seen, since)?,
            ToNode::Wallet { request, command } => self.change_wallet(request, command, since).await?,
            ToNode::ExportKey { request, address, passphrase } => {
                let result = self.keys.export(&address, passphrase.as_ref());
                self.outgoing.push(FromNode::PrivateKey { request, result });
            }
            ToNode::Backup { request, passphrase } => {
                let result = self.keys.backup(passphrase.as_ref());
                self.outgoing.push(FromNode::Backup { request, result });
            }
            ToNode::Quote { request, draft } => {
                let result = self.quote(draft);
                self.outgoing.push(FromNode::Quoted { request, result });
            }
            ToNode::QuoteBump { request, txid, fee } => {
                let result = self.quote_bump(&txid, fee);
                self.outgoing.push(FromNode::Quoted { request, result });
            }
            ToNode::Send { request, recipient, quote, passphrase } => {
                let started = self.begin_order(recipient, &quote, passphrase.as_ref());
                self.carry_on(request, started);
            }
            ToNode::Bump { request, txid, quote, passphrase } => {
                let started = self.begin_replacement(&txid, &quote, passphrase.as_ref());
                self.carry_on(request, started);
            }
            question => {
                let answer = self.look_up(question).map_err(failure)?;
                self.outgoing.extend(answer);
            }
        }
        Ok(Flow::Continue)
    }

    /// Answers a query.
    fn look_up(&mut self, question: ToNode) -> Result<Option<FromNode>, StoreError> {
        let (node, store) = (&self.node, &self.storage.store);
        Ok(Some(match question {
            ToNode::Blocks { request, from, count } => {
                let blocks = self.display.lister.primary(node, store, from, count as usize)?;
                FromNode::Blocks { request, blocks }
            }
            ToNode::Block { request, id } => {
                let block = self.display.lister.details(node, store, &id)?.map(Box::new);
                FromNode::Block { request, block }
            }
            ToNode::Transaction { request, id } => {
                FromNode::Transaction { request, transaction: transactions::find(node, store, &id)?.map(Box::new) }
            }
            ToNode::Address { request, address } => {
                FromNode::Address { request, details: self.address_details(address) }
            }
            ToNode::AddressHistory { request, addresses, before } => {
                FromNode::AddressHistory { request, page: address_history::page(&addresses, node, store, before)? }
            }
            ToNode::Samples { request, blocks, points } => {
                FromNode::Samples { request, samples: node.chain().samples(blocks, points as usize) }
            }
            ToNode::Find { request, text } => FromNode::Found { request, found: search::find(node, store, &text)? },
            _ => return Ok(None),
        }))
    }

    fn address_details(&self, address: Address) -> AddressDetails {
        let mut coins = self.node.spendable_coins(&address);
        coins.truncate(MAX_COINS_SHOWN);
        AddressDetails { address, balance: self.node.balance(&address), coins }
    }

    async fn change_wallet(&mut self, request: RequestId, command: WalletCommand, since: f64) -> Result<(), Failure> {
        let result = self.keys.change(command).await;
        self.outgoing.push(FromNode::Wallet { request, result });
        // Rewards go to the selected key.
        self.apply_mining(since)
    }

    fn set_mining(&mut self, options: MiningOptions, since: f64) -> Result<(), Failure> {
        let (threads, share) = (options.threads.clamp(1, MAX_THREADS), options.share.clamp(1, 100));
        self.mining = MiningOptions { threads, share, ..options };
        self.apply_mining(since)
    }

    /// Updates mining of node and miners by the user's choice, keys and circumstances.
    pub(super) fn apply_mining(&mut self, since: f64) -> Result<(), Failure> {
        self.rest = self.reason_to_rest(since);
        let mines = self.mining.on && self.rest.is_none();
        let recipient = self.keys.ring().selected().filter(|_| mines);
        let policy = self.mining.policy;
        let settings = recipient.map(|recipient| MiningSettings { recipient, policy });
        if settings != self.settings {
            self.settings = settings;
            self.give(Input::Command(Command::SetMining(settings)), since)?;
        }
        let MiningOptions { threads, share, slice_ms, .. } = self.mining;
        self.growth.want(threads);
        // A benchmark gets what it asks for.
        let miners = if slice_ms.is_some() { threads } else { self.growth.miners() };
        self.miners.resize(if settings.is_some() { miners } else { 0 }, share, slice_ms);
        Ok(())
    }
}
