use super::guests::{Crowded, Guests, Visit};
use super::own_machine::LocalAddress;
use super::proxy::TrustedProxies;
use crate::api::{Problem, ProblemKind};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Most connections of all kinds at once; more wait to be accepted.
pub const MAX_CONNECTIONS: usize = 2_000;
/// A request's headers, and TLS' handshake before them, must have come by then.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request's headers.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The pause after the system could not accept: it lacks file handles or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What accepts connections, and what answers them.
#[derive(Clone)]
pub struct Server {
    /// Answers requests.
    pub router: Router,
    /// Limits each address.
    pub guests: Arc<Guests>,
    /// Whose word is taken for who is connected.
    pub proxies: TrustedProxies,
    /// Makes the connections private; without it they are plain.
    pub tls: Option<TlsAcceptor>,
}

impl Server {
    /// Accepts connections until `stop` changes. Connections that have become WebSockets go on.
    pub async fn serve(self, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.changed() => return,
            };
            match accepted {
                Ok((stream, remote)) => {
                    // Whom a proxy brings shows with each request.
                    let visit = match self.proxies.contains(remote.ip()) {
                        true => None,
                        false => match self.guests.enter(remote.ip(), Instant::now()) {
                            Ok(visit) => Some(visit),
                            Err(crowded) => {
                                self.turn_away(&stream, crowded);
                                continue;
                            }
                        },
                    };
                    let (server, stop) = (self.clone(), stop.clone());
                    tokio::spawn(async move {
                        server.receive(stream, remote, visit, stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Says why and closes, without reading a request or waiting: it must cost next to nothing. TLS
    /// would cost more than that: there it just closes.
    fn turn_away(&self, stream: &TcpStream, crowded: Crowded) {
        if self.tls.is_some() {
            return;
        }
        let problem = Problem::new(ProblemKind::TOO_MANY_CONNECTIONS, crowded.to_string());
        let body = serde_json::to_string(&problem).unwrap_or_default();
        let answer = format!(
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/problem+json\r\n\
             content-length: {}\r\nretry-after: 5\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        // A fresh socket has room for so little; where it has not, nobody waits for it.
        let _ = stream.try_write(answer.as_bytes());
    }

    /// Makes a connection private, if it is to be, and answers its requests.
    async fn receive(self, stream: TcpStream, remote: SocketAddr, visit: Option<Visit>, stop: watch::Receiver<bool>) {
        // Small messages must not wait for more.
        let _ = stream.set_nodelay(true);
        let tls = self.tls.clone();
        let local = stream.local_addr().ok().map(|local| LocalAddress(local.ip()));
        let entrance = Entrance { remote, local, visit: visit.map(Arc::new), server: self };
        let Some(tls) = tls else { return connection(stream, entrance, stop).await };
        // On the heap, so that plain connections do not pay for its size.
        let private = async {
            match timeout(HEADER_TIMEOUT, tls.accept(stream)).await {
                Ok(Ok(stream)) => connection(stream, entrance, stop).await,
                Ok(Err(error)) => tracing::debug!("no TLS with {remote}: {error}"),
                Err(_) => tracing::debug!("no TLS with {remote} within {} seconds", HEADER_TIMEOUT.as_secs()),
            }
        };
        Box::pin(private).await;
    }
}

/// One connection, before its requests are looked at.
#[derive(Clone)]
struct Entrance {
    remote: SocketAddr,
    /// None where the system does not tell.
    local: Option<LocalAddress>,
    /// Its place; none where it brings requests of others, which need places of their own.
    visit: Option<Arc<Visit>>,
    server: Server,
}

impl Entrance {
    /// Answers a request in the name of who sent it. The visit goes on with a WebSocket.
    async fn answer(self, mut request: Request) -> Response {
        let sender = self.server.proxies.sender(self.remote, request.headers());
        let visit = match self.visit {
            Some(visit) => visit,
            None => match self.server.guests.enter(sender.ip(), Instant::now()) {
                Ok(visit) => Arc::new(visit),
                Err(crowded) => {
                    return Problem::new(ProblemKind::TOO_MANY_CONNECTIONS, crowded.to_string()).into_response();
                }
            },
        };
        request.extensions_mut().insert(ConnectInfo(sender));
        self.local.and_then(|local| request.extensions_mut().insert(local));
        request.extensions_mut().insert(visit);
        self.server.router.oneshot(request).await.unwrap_or_else(|never| match never {})
    }
}

/// Answers a connection's requests.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    entrance: Entrance,
    mut stop: watch::Receiver<bool>,
) {
    let remote = entrance.remote;
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let answer = entrance.clone().answer(request.map(axum::body::Body::new));
        async move { Ok::<Response, Infallible>(answer.await) }
    });
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_buf_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    tokio::select! {
        result = connection.as_mut() => {
            if let Err(error) = result {
                tracing::debug!("connection from {remote}: {error}");
            }
            return;
        }
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
