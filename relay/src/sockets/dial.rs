use super::connections::Connections;
use super::pump::{Incoming, pump};
use super::{MAX_WRITE_BUFFER, READ_BUFFER, WRITE_BUFFER};
use crate::driver::Inbox;
use fedcoin_node::wire::MAX_FRAME_BYTES;
use fedcoin_node::{Direction, Input, PeerAddress};
use futures::{SinkExt, StreamExt, future};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use tokio_tungstenite::tungstenite::{self, Message, protocol::WebSocketConfig};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

/// How long opening a connection may take.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a connection and runs it, or tells the node why there is none. `tls` checks `wss://` peers.
pub async fn dial(address: PeerAddress, tls: Arc<ClientConfig>, connections: Arc<Connections>, inbox: Inbox) {
    match open(&address, tls).await {
        Ok(socket) => run(socket, address, &connections, &inbox).await,
        Err(error) => {
            inbox.give(Input::ConnectFailed { address, error }).await;
        }
    }
}

async fn open(address: &PeerAddress, tls: Arc<ClientConfig>) -> Result<Socket, String> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let connector = Some(Connector::Rustls(tls));
    let dialling = connect_async_tls_with_config(address.as_str(), Some(config), true, connector);
    match timeout(DIAL_TIMEOUT, dialling).await {
        Ok(Ok((socket, _response))) => Ok(socket),
        Ok(Err(tungstenite::Error::Io(error))) => Err(error.to_string()),
        Ok(Err(error)) => Err(format!("no FEDCoin node answers there: {error}")),
        Err(_) => Err(format!("no answer within {} seconds", DIAL_TIMEOUT.as_secs())),
    }
}

async fn run(socket: Socket, address: PeerAddress, connections: &Arc<Connections>, inbox: &Inbox) {
    let (sink, stream) = socket.split();
    let incoming = stream.map(Incoming::from);
    let outgoing = sink.with(|bytes| future::ready(Ok::<_, tungstenite::Error>(Message::Binary(bytes))));
    pump(incoming, outgoing, Direction::Outbound, address, connections, inbox).await;
}
