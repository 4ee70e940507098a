use super::guests::{Crowded, Guests, Purpose, Visit};
use super::pace::Pace;
use super::places::{Place, Places};
use super::proxy::TrustedProxies;
use crate::api::{Problem, ProblemKind};
use crate::log::Seldom;
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

/// A request's headers, and TLS' handshake before them, must have come by then.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request's headers.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Smaller answers are not worth counting: a connection has one at a time.
const LARGE_ANSWER: u64 = 16 * 1024;
/// The pause after the system could not accept: it lacks file handles or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What accepts connections, and what answers them.
#[derive(Clone)]
pub struct Server {
    /// Answers requests.
    pub router: Router,
    /// Limits each site.
    pub guests: Arc<Guests>,
    /// Most connections that carry requests; a WebSocket is none of them.
    pub max_connections: usize,
    /// Whose word is taken for who is connected.
    pub proxies: TrustedProxies,
    /// Makes the connections private; without it they are plain.
    pub tls: Option<TlsAcceptor>,
}

impl Server {
    /// Accepts connections until `stop` changes. Connections that have become WebSockets go on.
    pub async fn serve(self, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let (places, failures) = (Places::new(self.max_connections), Seldom::default());
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.changed() => return,
            };
            match accepted {
                Ok((stream, remote)) => self.welcome(stream, remote, &places, &stop),
                Err(error) => {
                    // Mostly files are lacking: those of requests are the quickest to get.
                    places.make_room();
                    if let Some(others) = failures.due() {
                        tracing::warn!("cannot accept a connection: {error}{others}");
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Gives a connection a place and a task, unless its site has enough.
    fn welcome(&self, stream: TcpStream, remote: SocketAddr, places: &Arc<Places>, stop: &watch::Receiver<bool>) {
        // Whom a proxy brings shows with each request.
        let (visit, place) = if self.proxies.contains(remote.ip()) {
            (None, places.take(None))
        } else {
            match self.guests.enter(Purpose::Requests, remote.ip(), Instant::now()) {
                Ok(visit) => (Some(visit), places.take(Some(remote.ip()))),
                Err(crowded) => return self.turn_away(&stream, crowded),
            }
        };
        let (server, stop) = (self.clone(), stop.clone());
        tokio::spawn(async move {
            let use_of = Arc::clone(&place.use_of);
            tokio::select! {
                () = server.receive(stream, remote, visit, place, stop) => {}
                () = use_of.evicted() => {}
            }
        });
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
    async fn receive(
        self,
        stream: TcpStream,
        remote: SocketAddr,
        visit: Option<Visit>,
        place: Place,
        stop: watch::Receiver<bool>,
    ) {
        // Small messages must not wait for more.
        let _ = stream.set_nodelay(true);
        let tls = self.tls.clone();
        let entrance = Entrance { remote, visit: visit.map(Arc::new), place: Arc::new(place), server: self };
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
    /// Its site's place; none where it brings requests of others, which need places of their own.
    visit: Option<Arc<Visit>>,
    place: Arc<Place>,
    server: Server,
}

impl Entrance {
    /// Answers a request in the name of who sent it.
    async fn answer(self, mut request: Request) -> Response {
        let sender = self.server.proxies.sender(self.remote, request.headers());
        let _visit = match &self.visit {
            Some(_) => None,
            None => match self.server.guests.enter(Purpose::Requests, sender.ip(), Instant::now()) {
                Ok(visit) => Some(visit),
                Err(crowded) => return crowded.into_response(),
            },
        };
        request.extensions_mut().insert(ConnectInfo(sender));
        request.extensions_mut().insert(Arc::clone(&self.server.guests));
        let is_page = !request.uri().path().starts_with("/api/");
        let response = self.server.router.oneshot(request).await.unwrap_or_else(|never| match never {});
        if is_page { response } else { accounted(response, &self.place).await }
    }
}

/// Counts a large answer as unread until it is written. The page's files cost nothing: all answers share them.
async fn accounted(response: Response, place: &Place) -> Response {
    let is_large = response.body().size_hint().exact().is_some_and(|size| size >= LARGE_ANSWER);
    if !is_large {
        return response;
    }
    let (head, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(head, Body::from(place.account(bytes))),
        Err(_) => Problem::new(ProblemKind::INTERNAL, "the answer broke off").into_response(),
    }
}

/// Answers a connection's requests.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    entrance: Entrance,
    mut stop: watch::Receiver<bool>,
) {
    let remote = entrance.remote;
    let stream = Pace::new(stream, Arc::clone(&entrance.place.use_of));
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
