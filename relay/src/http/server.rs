use super::is_of_connected_peer;
use super::min_rate::MinRate;
use super::slots::{Slot, Slots};
use crate::access::{ConnectionKind, ConnectionLimiter, LimitExceeded, Permit, TrustedProxies};
use crate::log::LogThrottle;
use crate::problem::{Problem, ProblemKind};
use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
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
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Maximum time for the TLS handshake, and for a request's headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of a request's headers in bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Smaller answers do not count as unread, because a connection has only one at a time.
const LARGE_ANSWER: u64 = 16 * 1024;
/// Pause after a failed accept: the system lacks file handles or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Accepts connections and answers their requests.
#[derive(Clone)]
pub struct Server {
    /// Routes requests.
    pub router: Router,
    /// Limits the connections of each subnet.
    pub limiter: Arc<ConnectionLimiter>,
    /// Maximum connections that carry requests; WebSockets do not count.
    pub max_connections: usize,
    /// The proxies whose headers name the client.
    pub proxies: TrustedProxies,
    /// Accepts TLS; `None` for plain connections.
    pub tls: Option<TlsAcceptor>,
}

impl Server {
    /// Accepts connections until `stop` changes. Established WebSockets stay open.
    pub async fn serve(self, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let (slots, failures) = (Slots::new(self.max_connections), LogThrottle::default());
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.changed() => return,
            };
            match accepted {
                Ok((stream, remote)) => self.admit(stream, remote, &slots, &stop),
                Err(error) => {
                    // The system is usually out of file handles; idle request connections free theirs soonest.
                    slots.make_room();
                    if let Some(others) = failures.due() {
                        tracing::warn!("cannot accept a connection: {error}{others}");
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Gives a connection a slot and a task, if its subnet's limits allow it.
    fn admit(&self, stream: TcpStream, remote: SocketAddr, slots: &Arc<Slots>, stop: &watch::Receiver<bool>) {
        // The clients behind a proxy are known only with each request.
        let (permit, slot) = if self.proxies.contains(remote.ip()) {
            (None, slots.take(None))
        } else {
            match self.limiter.acquire(ConnectionKind::Requests, remote.ip(), Instant::now()) {
                Ok(permit) => (Some(permit), slots.take(Some(remote.ip()))),
                Err(exceeded) => return self.refuse(&stream, exceeded),
            }
        };
        let (server, stop) = (self.clone(), stop.clone());
        tokio::spawn(async move {
            let activity = Arc::clone(&slot.activity);
            tokio::select! {
                () = server.serve_connection(stream, remote, permit, slot, stop) => {}
                () = activity.evicted() => {}
            }
        });
    }

    /// Sends the reason and closes, without reading a request or waiting, so that a refusal costs next to nothing. TLS
    /// would cost more, so a TLS connection is just closed.
    fn refuse(&self, stream: &TcpStream, exceeded: LimitExceeded) {
        if self.tls.is_some() {
            return;
        }
        let problem = Problem::new(ProblemKind::TOO_MANY_CONNECTIONS, exceeded.to_string());
        let body = serde_json::to_string(&problem).unwrap_or_default();
        let answer = format!(
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/problem+json\r\n\
             content-length: {}\r\nretry-after: 5\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        // A new socket has room for this; otherwise the answer is lost.
        let _ = stream.try_write(answer.as_bytes());
    }

    /// Does the TLS handshake, if there is TLS, then answers the connection's requests.
    async fn serve_connection(
        self,
        stream: TcpStream,
        remote: SocketAddr,
        permit: Option<Permit>,
        slot: Slot,
        stop: watch::Receiver<bool>,
    ) {
        // Send small messages at once.
        let _ = stream.set_nodelay(true);
        let tls = self.tls.clone();
        let context = ConnectionContext { remote, permit: permit.map(Arc::new), slot: Arc::new(slot), server: self };
        let Some(tls) = tls else { return answer_requests(stream, context, stop).await };
        // On the heap, so that plain connections do not pay for its size.
        let encrypted = async {
            match timeout(HEADER_TIMEOUT, tls.accept(stream)).await {
                Ok(Ok(stream)) => answer_requests(stream, context, stop).await,
                Ok(Err(error)) => tracing::debug!("TLS handshake with {remote} failed: {error}"),
                Err(_) => {
                    tracing::debug!("TLS handshake with {remote} took longer than {} seconds", HEADER_TIMEOUT.as_secs())
                }
            }
        };
        Box::pin(encrypted).await;
    }
}

/// State that the requests of one connection share.
#[derive(Clone)]
struct ConnectionContext {
    remote: SocketAddr,
    /// `None` for a proxy, whose requests get permits of their own.
    permit: Option<Arc<Permit>>,
    slot: Arc<Slot>,
    server: Server,
}

impl ConnectionContext {
    async fn answer(self, mut request: Request) -> Response {
        let client = self.server.proxies.client(self.remote, request.headers());
        let _permit = match &self.permit {
            Some(_) => None,
            None if is_of_connected_peer(request.uri().path()) => None,
            None => match self.server.limiter.acquire(ConnectionKind::Requests, client.ip(), Instant::now()) {
                Ok(permit) => Some(permit),
                Err(exceeded) => return exceeded.into_response(),
            },
        };
        request.extensions_mut().insert(ConnectInfo(client));
        request.extensions_mut().insert(Arc::clone(&self.server.limiter));
        let is_page = !request.uri().path().starts_with("/api/");
        let response = self.server.router.oneshot(request).await.unwrap_or_else(|never| match never {});
        if is_page { response } else { with_unread_counted(response, &self.slot).await }
    }
}

/// Counts a large answer as unread until it is written. The page's files do not count: all answers share their memory.
async fn with_unread_counted(response: Response, slot: &Slot) -> Response {
    let is_large = response.body().size_hint().exact().is_some_and(|size| size >= LARGE_ANSWER);
    if !is_large {
        return response;
    }
    let (head, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, Body::from(slot.count_unread(bytes))),
        Err(_) => Problem::new(ProblemKind::INTERNAL, "the answer could not be completed").into_response(),
    }
}

/// Answers a connection's requests.
async fn answer_requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    context: ConnectionContext,
    mut stop: watch::Receiver<bool>,
) {
    let remote = context.remote;
    let stream = MinRate::new(stream, Arc::clone(&context.slot.activity));
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let answer = context.clone().answer(request.map(axum::body::Body::new));
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
