use super::connections::Connections;
use super::frame_limiter::FrameLimiter;
use super::pump::{Incoming, pump};
use super::write_stall::WriteStall;
use super::{MAX_WRITE_BUFFER, READ_BUFFER, WRITE_BUFFER};
use crate::inbox::Inbox;
use crate::tls::other_spelling;
use fedcoin_node::wire::MAX_FRAME_BYTES;
use fedcoin_node::{ConnectionError, Direction, Input, PeerAddress};
use futures::{SinkExt, StreamExt, future};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::{self, Message, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_with_config};

/// Maximum time to open a connection.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<FrameLimiter<WriteStall<MaybeTlsStream<TcpStream>>>>;

/// Opens a connection and runs it, or reports to the node why that failed. `anywhere` says that the user gave the
/// address, so its name may resolve to a private network; `tls` checks `wss://` peers.
pub async fn dial(
    address: PeerAddress,
    anywhere: bool,
    tls: Arc<ClientConfig>,
    connections: Arc<Connections>,
    inbox: Inbox,
) {
    match timeout(DIAL_TIMEOUT, open(&address, anywhere, tls, &connections)).await {
        Ok(Ok((socket, unfinished))) => run(socket, address, &connections, &inbox, unfinished).await,
        Ok(Err(error)) => {
            let error = other_spelling(&error, address.is_secure()).map_or(error, str::to_owned);
            failed(address, ConnectionError::System(error), &inbox).await;
        }
        Err(_) => failed(address, ConnectionError::Timeout { seconds: DIAL_TIMEOUT.as_secs() }, &inbox).await,
    }
}

async fn failed(address: PeerAddress, error: ConnectionError, inbox: &Inbox) {
    inbox.send(Input::ConnectFailed { address, error }).await;
}

/// The socket, and the counter of its unfinished message.
async fn open(
    address: &PeerAddress,
    anywhere: bool,
    tls: Arc<ClientConfig>,
    connections: &Arc<Connections>,
) -> Result<(Socket, Arc<AtomicUsize>), String> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let no_node = |error: tungstenite::Error| match error {
        tungstenite::Error::Io(error) => error.to_string(),
        error => format!("no FEDCoin node answers there: {error}"),
    };
    let request = address.as_str().into_client_request().map_err(no_node)?;
    let tls = address.is_secure().then_some(tls);
    let may_be_there = |found: &SocketAddr| anywhere || address.may_stand_for(*found);
    let stream = connect(request.uri(), tls, may_be_there).await.map_err(|error| error.to_string())?;
    let unfinished = connections.unfinished();
    let bytes = Arc::clone(&unfinished.bytes);
    let stream = FrameLimiter::before_handshake(WriteStall::new(stream), unfinished);
    let (socket, _response) = client_async_with_config(request, stream, Some(config)).await.map_err(no_node)?;
    Ok((socket, bytes))
}

/// Connects to a URL's host, and with `tls` over TLS.
async fn connect(
    url: &Uri,
    tls: Option<Arc<ClientConfig>>,
    may_be_there: impl Fn(&SocketAddr) -> bool,
) -> io::Result<MaybeTlsStream<TcpStream>> {
    let host = url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = url.port_u16().unwrap_or(if tls.is_some() { 443 } else { 80 });
    let found: Vec<SocketAddr> = lookup_host((host, port)).await?.filter(may_be_there).collect();
    if found.is_empty() {
        return Err(io::Error::other(
            "the name resolves to a private address, which only configured neighbours may have",
        ));
    }
    let stream = TcpStream::connect(&found[..]).await?;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return Ok(MaybeTlsStream::Plain(stream)) };
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    Ok(MaybeTlsStream::Rustls(TlsConnector::from(tls).connect(name, stream).await?))
}

async fn run(
    socket: Socket,
    address: PeerAddress,
    connections: &Arc<Connections>,
    inbox: &Inbox,
    unfinished: Arc<AtomicUsize>,
) {
    let (sink, stream) = socket.split();
    let incoming = stream.map(Incoming::from);
    let outgoing = sink.with(|bytes| future::ready(Ok::<_, tungstenite::Error>(Message::Binary(bytes))));
    pump(incoming, outgoing, Direction::Outbound, address, connections, inbox, unfinished).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_of_strangers_do_not_resolve_to_private_networks() {
        let here = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Uri = format!("ws://localhost:{}/ws", here.local_addr().unwrap().port()).parse().unwrap();
        let far: PeerAddress = "relay.example:80".parse().unwrap();
        let refused = connect(&url, None, |found| far.may_stand_for(*found)).await.map(drop).unwrap_err();
        assert!(refused.to_string().contains("resolves to a private address"), "{refused}");
        assert!(connect(&url, None, |_| true).await.is_ok());
    }
}
