//! An HTTP client for a node's API.

use crate::access::Cookie;
use crate::api::{CoinsView, NetworkView, Submitted, TransactionView};
use crate::node_address::NodeAddress;
use crate::problem::{Problem, ProblemKind};
use crate::tls::{self, TlsError};
use fedcoin_node::mempool::FeeEstimate;
use fedcoin_node::primitives::{Address, OutPoint, Payment, TxId};
use fedcoin_node::wallet::{Balance, Coin, MAX_COINS_PER_PAYMENT, MAX_PARTS, sort_coins};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use ureq::tls::TlsConfig;

/// Maximum time for an answer, or for its beginning if its length is unlimited.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum idle time of a kept connection: shorter than the node's.
const KEEP: Duration = Duration::from_secs(5);
/// Maximum size of an answer in bytes.
const MAX_ANSWER: u64 = 20_000_000;
/// Maximum coins of an address to request: as many as one order can spend.
const MAX_COINS: usize = MAX_PARTS * MAX_COINS_PER_PAYMENT;

/// A request to a node failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum ClientError {
    /// The connection failed.
    #[error("no node answers at {node}: {error}; start one with `fedcoin`, or name another with --node HOST:PORT")]
    Unreachable { node: NodeAddress, error: String },
    /// Only one of the two sides speaks TLS.
    #[error("at {node} {remedy}")]
    OtherSpelling { node: NodeAddress, remedy: &'static str },
    /// The answer is not from a compatible node.
    #[error("{node} is not a FEDCoin node, or runs another version: {error}")]
    Strange { node: NodeAddress, error: String },
    /// The node refuses the request.
    #[error("the node at {node} refuses: {problem}", problem = .problem.detail)]
    Refused { node: NodeAddress, problem: Box<Problem> },
}

impl ClientError {
    /// Whether the payment's coins are not available: another payment spent them meanwhile, or a reorganisation removed
    /// them.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused { problem, .. } if problem.kind == ProblemKind::PAYMENT_CONFLICT.uri())
    }
}

/// A connection to one node's API.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
    node: NodeAddress,
    cookie: Option<Cookie>,
}

impl Client {
    /// A client of this node. Sends nothing yet. Over https it checks the node's certificate against the system's root
    /// certificates and those of a PEM file.
    ///
    /// # Errors
    /// [`TlsError`]: the file cannot be used.
    pub fn new(node: NodeAddress, roots: Option<&Path>) -> Result<Self, TlsError> {
        let tls = if node.is_secure() || roots.is_some() { Some(tls::http_client(roots)?) } else { None };
        Ok(Self::with(node, tls, TIMEOUT, Some(TIMEOUT)))
    }

    /// A client of the node that uses a data directory of this machine, with that directory's cookie. Answers may take
    /// any time.
    pub(crate) fn of_this_machine(node: NodeAddress, cookie: Option<Cookie>) -> Self {
        let tls = node.is_secure().then(tls::own_machine_client);
        Self { cookie, ..Self::with(node, tls, TIMEOUT, None) }
    }

    /// Answers must begin within `response` and be complete within `whole`.
    fn with(node: NodeAddress, tls: Option<TlsConfig>, response: Duration, whole: Option<Duration>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(whole)
            .timeout_connect(Some(response))
            .timeout_recv_response(Some(response))
            .max_idle_age(KEEP)
            .http_status_as_error(false)
            .max_redirects(0)
            // Nodes are on this machine or in its network.
            .proxy(None);
        let config = match tls {
            Some(tls) => config.tls_config(tls),
            None => config,
        };
        Self { agent: config.build().into(), node, cookie: None }
    }

    /// The node's address.
    #[must_use]
    pub fn node(&self) -> &NodeAddress {
        &self.node
    }

    /// The node's network.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn network(&self) -> Result<NetworkView, ClientError> {
        self.get("/api/v1/network")
    }

    /// The balance of an address.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn balance(&self, address: &Address) -> Result<Balance, ClientError> {
        self.get(&format!("/api/v1/addresses/{address}/balance"))
    }

    /// The coins that an address can spend, in the recommended order of spending; at most `MAX_COINS`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn coins(&self, address: &Address) -> Result<Vec<Coin>, ClientError> {
        // A block or a payment between two requests shifts the list, so a coin may occur twice.
        let mut coins: BTreeMap<OutPoint, Coin> = BTreeMap::new();
        let mut received = 0;
        while received < MAX_COINS {
            let page: CoinsView = self.get(&format!("/api/v1/addresses/{address}/utxos?offset={received}"))?;
            received += page.coins.len();
            let last = page.coins.is_empty() || received >= page.total;
            coins.extend(page.coins.into_iter().map(|coin| (coin.outpoint, coin)));
            if last {
                break;
            }
        }
        let mut coins: Vec<Coin> = coins.into_values().collect();
        sort_coins(&mut coins);
        Ok(coins)
    }

    /// The fee rates for mining within the next blocks.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn fees(&self) -> Result<FeeEstimate, ClientError> {
        self.get("/api/v1/fees")
    }

    /// Submits a payment, which may replace others if `may_replace`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn submit(&self, payment: &Payment, may_replace: bool) -> Result<TxId, ClientError> {
        let path = format!("/api/v1/transactions?replace={may_replace}");
        self.post::<Submitted>(&path, payment).map(|submitted| submitted.txid)
    }

    /// A transaction; `None` if the node does not know it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn transaction(&self, txid: &TxId) -> Result<Option<TransactionView>, ClientError> {
        match self.get(&format!("/api/v1/transactions/{txid}")) {
            Ok(view) => Ok(Some(view)),
            Err(ClientError::Refused { problem, .. }) if problem.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The node's primary chain, in the format of `fedcoin chain export`. Requires the node's cookie.
    ///
    /// # Errors
    /// [`ClientError`].
    pub(crate) fn chain(&self) -> Result<impl Read + use<>, ClientError> {
        let mut request = self.agent.get(self.node.url("/api/v1/chain"));
        if let Some(cookie) = &self.cookie {
            request = request.header("authorization", format!("Bearer {}", cookie.text()));
        }
        let answer = request.call().map_err(|e| self.unreachable(&e))?;
        if answer.status().is_success() {
            return Ok(answer.into_body().into_reader());
        }
        let refused: serde_json::Value = self.read(Ok(answer))?;
        Err(ClientError::Strange { node: self.node.clone(), error: refused.to_string() })
    }

    fn unreachable(&self, error: &ureq::Error) -> ClientError {
        let (node, error) = (self.node.clone(), plainly(error));
        match tls::other_spelling(&error, node.is_secure()) {
            Some(remedy) => ClientError::OtherSpelling { node, remedy },
            None => ClientError::Unreachable { node, error },
        }
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let answer = self.agent.get(self.node.url(path)).call();
        self.read(answer)
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        let answer = self.agent.post(self.node.url(path)).send_json(body);
        self.read(answer)
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<T, ClientError> {
        let strange = |error: String| ClientError::Strange { node: self.node.clone(), error };
        let mut answer = answer.map_err(|e| self.unreachable(&e))?;
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(|e| match e {
            ureq::Error::BodyExceedsLimit(most) => strange(format!("its answer exceeds {most} bytes")),
            e => self.unreachable(&e),
        })?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|e| strange(e.to_string()));
        }
        match serde_json::from_slice(&body) {
            Ok(problem) => Err(ClientError::Refused { node: self.node.clone(), problem: Box::new(problem) }),
            Err(_) => Err(strange(format!("it answered with status {status}"))),
        }
    }
}

fn plainly(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Timeout(_) => "its answer did not arrive in time".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    /// A server that does not answer like a node.
    fn fake(answer: impl Fn(TcpStream) + Send + 'static) -> NodeAddress {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || listener.incoming().for_each(|stream| answer(stream.unwrap())));
        address.parse().unwrap()
    }

    /// Reads a request, and begins an answer of this length.
    fn begin(stream: &mut TcpStream, length: u64) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").unwrap();
    }

    #[test]
    fn answers_are_read_up_to_their_limit() {
        for length in [MAX_ANSWER - 1, MAX_ANSWER, MAX_ANSWER + 1, 10 * MAX_ANSWER] {
            let node = fake(move |mut stream| {
                begin(&mut stream, length);
                let spaces = io::copy(&mut io::repeat(b' ').take(length - 1), &mut stream);
                // The client disconnects once it has read enough.
                let _ = spaces.and_then(|_| stream.write_all(b"7"));
            });
            let read = Client::new(node, None).unwrap().get::<u8>("/");
            if length <= MAX_ANSWER {
                assert_eq!(read, Ok(7));
            } else {
                let error = read.unwrap_err();
                assert!(
                    matches!(&error, ClientError::Strange { error, .. } if error.contains("20000000 bytes")),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn waiting_for_an_answer_is_limited() {
        let (soon, long) = (Duration::from_millis(300), Duration::from_secs(3_600));
        let silent = || fake(move |_stream| thread::sleep(long));
        // Sends a byte now and then.
        let slow = fake(|mut stream| {
            begin(&mut stream, 1_000_000);
            while stream.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        });
        for (node, response, whole) in [(silent(), soon, None), (silent(), long, Some(soon)), (slow, long, Some(soon))]
        {
            let error = Client::with(node, None, response, whole).network().unwrap_err();
            assert!(error.to_string().contains("did not arrive in time"), "{error}");
        }
    }
}
