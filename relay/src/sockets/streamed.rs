//! Peers over plain requests, where something on the way denies WebSockets: an answer that goes on carries frames down,
//! posts carry them up.

use super::accept::no_room;
use super::connections::{Connections, Unfinished};
use super::frame_limiter::{PART, PART_WITHIN, SMALL};
use super::pump::{Incoming, pump};
use crate::inbox::Inbox;
use crate::problem::{Problem, ProblemKind};
use crate::random::{self, RandomError};
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fedcoin_node::wire::{FrameSplitter, MAX_FRAME_BYTES, frame_head};
use fedcoin_node::{Direction, PeerAddress};
use futures::channel::mpsc as sink;
use futures::{Stream, StreamExt, future, stream};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// Most bytes of a post: one frame of the largest size, or several smaller ones.
const MAX_POST_BYTES: usize = MAX_FRAME_BYTES + 4;
/// Secret bytes of a session's id.
const ID_BYTES: usize = 16;

/// The open sessions by their ids, which nobody can guess. Clones are the same sessions.
///
/// Bound: one for each inbound connection.
#[derive(Clone, Debug, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, Arc<Session>>>>);

/// The way up of one peer.
#[derive(Debug)]
struct Session {
    /// What one post held. A place is free when the node has taken the post before.
    posts: mpsc::Sender<Vec<Incoming>>,
    /// A part of a post has arrived.
    part: Arc<Notify>,
    turn: tokio::sync::Mutex<Turn>,
}

/// Held while a post is read: there is one at a time.
#[derive(Debug)]
struct Turn {
    /// The number of the next post.
    next: u64,
    unfinished: Unfinished,
}

/// Why a post was not read.
enum Unread {
    /// Its connection is gone.
    BrokenOff,
    /// The peer breaks the protocol.
    Bad(ProblemKind, String),
}

/// A post that is being read; what it holds counts as unfinished until this is dropped.
struct Reading<'a>(&'a Unfinished);

impl Sessions {
    /// Begins a session and answers with its frames: the session's id first, then what the node sends. It keeps `permit`
    /// for as long as the session lasts.
    pub fn open(
        &self,
        remote: SocketAddr,
        permit: impl Send + 'static,
        connections: Arc<Connections>,
        inbox: Inbox,
    ) -> Response {
        let Some(inbound) = connections.acquire_inbound() else { return no_room().into_response() };
        let unfinished = connections.unfinished();
        let bytes = Arc::clone(&unfinished.bytes);
        let (posts, received) = mpsc::channel(1);
        let part = Arc::<Notify>::default();
        let turn = tokio::sync::Mutex::new(Turn { next: 0, unfinished });
        let id = match self.begin(Session { posts, part: Arc::clone(&part), turn }) {
            Ok(id) => id,
            Err(error) => return Problem::new(ProblemKind::INTERNAL, error.to_string()).into_response(),
        };
        let (outgoing, frames) = sink::channel::<Bytes>(0);
        let (open, closed) = oneshot::channel();
        let (sessions, own) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let address = PeerAddress::from(remote);
            let incoming = incoming(received, part, closed);
            pump(incoming, outgoing, Direction::Inbound, address, &connections, &inbox, bytes).await;
            sessions.lock().remove(&own);
            drop((inbound, permit));
        });
        let pieces = stream::once(future::ready(Bytes::from(id))).chain(frames).flat_map(move |frame| {
            // The session ends with the answer.
            let _open: &oneshot::Sender<()> = &open;
            let head = Bytes::copy_from_slice(&frame_head(frame.len()));
            stream::iter([head, frame].map(Ok::<_, Infallible>))
        });
        let headers = [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONNECTION, "close"),
            // Some proxies would collect the answer before they pass it on.
            (HeaderName::from_static("x-accel-buffering"), "no"),
        ];
        (headers, Body::from_stream(pieces)).into_response()
    }

    /// Takes a peer's post: its frames, each behind its length. Answers when there is room for another.
    ///
    /// # Errors
    /// What was wrong with the post.
    pub async fn post(&self, id: &str, number: u64, body: Body) -> Result<StatusCode, Problem> {
        let gone = || Problem::not_found("no connection of this id is open; begin another one by POST /frames");
        let session = self.lock().get(id).cloned().ok_or_else(gone)?;
        let Ok(mut turn) = session.turn.try_lock() else { return Err(out_of_order("the one before is not read yet")) };
        if number.checked_add(1) == Some(turn.next) {
            // Sent again because its answer was lost on the way.
            return Ok(StatusCode::NO_CONTENT);
        }
        if number != turn.next {
            return Err(out_of_order(&format!("the next one is {}", turn.next)));
        }
        let place = session.posts.reserve().await.map_err(|_| gone())?;
        let read = tokio::select! {
            read = receive(body, &turn.unfinished, &session.part) => read,
            () = session.posts.closed() => return Err(gone()),
        };
        let (frames, answer) = match read {
            Ok(frames) => (frames, Ok(StatusCode::NO_CONTENT)),
            // The peer may send it again.
            Err(Unread::BrokenOff) => return Err(Problem::new(ProblemKind::BAD_REQUEST, "the post broke off")),
            Err(Unread::Bad(kind, detail)) => (vec![Incoming::Violation], Err(Problem::new(kind, detail))),
        };
        turn.next += 1;
        place.send(frames);
        answer
    }

    fn begin(&self, session: Session) -> Result<String, RandomError> {
        let mut secret = [0; ID_BYTES];
        random::fill(&mut secret)?;
        let id = hex::encode(secret);
        self.lock().insert(id.clone(), Arc::new(session));
        Ok(id)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.set(0);
    }
}

/// What the posts held, until the session's answer has ended.
fn incoming(
    posts: mpsc::Receiver<Vec<Incoming>>,
    part: Arc<Notify>,
    answer: oneshot::Receiver<()>,
) -> impl Stream<Item = Incoming> + Send + 'static {
    let posts = stream::unfold(posts, |mut posts| async { posts.recv().await.map(|post| (post, posts)) });
    let ended = stream::once(answer).map(|_| Incoming::Closed);
    // Yields nothing itself: `pump` looks at what is unfinished whenever it is woken.
    let parts = stream::unfold(part, |part| async {
        part.notified().await;
        Some(((), part))
    });
    let parts = parts.filter_map(|()| future::ready(None));
    stream::select(stream::select(posts.flat_map(stream::iter), ended), parts)
}

fn out_of_order(why: &str) -> Problem {
    Problem::new(ProblemKind::BAD_REQUEST, format!("posts are numbered from 0 and come one after the other: {why}"))
}

/// Reads a post. One without frames counts as a ping.
async fn receive(body: Body, unfinished: &Unfinished, part: &Notify) -> Result<Vec<Incoming>, Unread> {
    let reading = Reading(unfinished);
    let (mut splitter, mut frames, mut size) = (FrameSplitter::default(), Vec::new(), 0);
    let (mut due, mut part_from) = (Instant::now() + PART_WITHIN, 0);
    let mut pieces = body.into_data_stream();
    let late = || Unread::Bad(ProblemKind::TIMEOUT, "nothing more of the post arrived in time".into());
    while let Some(piece) = timeout_at(due, pieces.next()).await.map_err(|_| late())? {
        let piece = piece.map_err(|_| Unread::BrokenOff)?;
        size += piece.len();
        if size > MAX_POST_BYTES {
            return Err(too_large(format!("a post has at most {MAX_POST_BYTES} bytes")));
        }
        reading.0.set(if size > SMALL { size } else { 0 });
        if size - part_from >= PART {
            (due, part_from) = (Instant::now() + PART_WITHIN, size);
            part.notify_one();
        }
        splitter.put(&piece);
        while let Some(frame) = splitter.next_frame().map_err(|error| too_large(error.to_string()))? {
            frames.push(Incoming::Frame(frame.into()));
        }
    }
    if splitter.is_within() {
        return Err(too_large("its last frame does not end".into()));
    }
    Ok(if frames.is_empty() { vec![Incoming::Ping] } else { frames })
}

fn too_large(detail: String) -> Unread {
    Unread::Bad(ProblemKind::TOO_LARGE, detail)
}
