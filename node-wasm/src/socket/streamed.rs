use super::Line;
use fedcoin_node::ConnectionError;
use fedcoin_node::wire::{FrameSplitter, MAX_FRAME_BYTES, frame_head};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response, WorkerGlobalScope};

/// Most bytes of a post.
const MAX_POST_BYTES: usize = MAX_FRAME_BYTES + 4;
/// How long sending what is queued may take when the connection is closed here, in milliseconds.
const LINGER_MS: u32 = 2_000;

/// A connection over plain requests: an answer that goes on brings frames, posts take them.
#[derive(Debug)]
pub(super) struct Streamed {
    line: Rc<Line>,
    frames: UnboundedSender<Vec<u8>>,
    unsent: Rc<Cell<usize>>,
    abort: AbortController,
    /// Closed when this is dropped.
    _open: oneshot::Sender<()>,
}

/// The frames that an answer brings.
struct Answer {
    reader: ReadableStreamDefaultReader,
    splitter: FrameSplitter,
}

/// The frames to post; their number is bounded by their bytes, which [`super::MAX_UNSENT`] bounds.
struct Posts {
    url: String,
    frames: UnboundedReceiver<Vec<u8>>,
    unsent: Rc<Cell<usize>>,
    abort: AbortController,
}

impl Streamed {
    pub(super) fn dial(url: &str, line: &Rc<Line>) -> Result<Self, JsValue> {
        let abort = AbortController::new()?;
        let timed = abort.clone();
        line.expect(move || timed.abort());
        let (frames, queued) = unbounded();
        let (open, closed) = oneshot::channel();
        let unsent = Rc::<Cell<usize>>::default();
        let posts = Posts { url: url.to_owned(), frames: queued, unsent: Rc::clone(&unsent), abort: abort.clone() };
        spawn_local(run(posts, Rc::clone(line), closed));
        Ok(Self { line: Rc::clone(line), frames, unsent, abort, _open: open })
    }

    pub(super) fn unsent(&self) -> usize {
        self.unsent.get()
    }

    pub(super) fn send(&self, frame: &[u8]) -> Result<(), ConnectionError> {
        self.unsent.set(self.unsent.get() + frame.len());
        self.frames.unbounded_send(frame.to_vec()).map_err(|_| ConnectionError::Ended)
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        if !self.line.has_stood() {
            self.abort.abort();
        }
    }
}

/// Runs one connection to its end.
async fn run(posts: Posts, line: Rc<Line>, closed: oneshot::Receiver<()>) {
    let abort = posts.abort.clone();
    let closing = async {
        // It is never sent: its other end is dropped.
        let _ = closed.await;
        TimeoutFuture::new(LINGER_MS).await;
    };
    let ended = match select(pin!(talk(posts, &line)), pin!(closing)).await {
        Either::Left((cause, _)) => cause,
        Either::Right(_) => ConnectionError::Ended,
    };
    abort.abort();
    line.end(ended);
}

/// Opens the connection and carries frames both ways. Returns why it ended.
async fn talk(mut posts: Posts, line: &Line) -> ConnectionError {
    let mut answer = match Answer::open(&posts).await {
        Ok(answer) => answer,
        Err(cause) => return cause,
    };
    match answer.next().await.map(String::from_utf8) {
        Ok(Ok(id)) if id.bytes().all(|byte| byte.is_ascii_hexdigit()) => posts.url = format!("{}/{id}", posts.url),
        Ok(_) => return ConnectionError::Text,
        Err(cause) => return cause,
    }
    line.opened();
    let reading = async {
        loop {
            let told = answer.next().await.and_then(|frame| line.received(frame.len(), || frame));
            if let Err(cause) = told {
                return cause;
            }
        }
    };
    match select(pin!(reading), pin!(posts.send_all())).await {
        Either::Left((cause, _)) | Either::Right((cause, _)) => cause,
    }
}

impl Answer {
    async fn open(posts: &Posts) -> Result<Self, ConnectionError> {
        let response = posts.post(&posts.url, None).await?;
        let stream = response.body().ok_or(ConnectionError::Unreachable)?;
        Ok(Self { reader: stream.get_reader().unchecked_into(), splitter: FrameSplitter::default() })
    }

    /// The next frame.
    async fn next(&mut self) -> Result<Vec<u8>, ConnectionError> {
        loop {
            let found =
                self.splitter.next_frame().map_err(|large| ConnectionError::FrameTooLarge { got: large.got })?;
            if let Some(frame) = found {
                return Ok(frame);
            }
            let read = JsFuture::from(self.reader.read()).await.map_err(|_| ConnectionError::Ended)?;
            let piece = Reflect::get(&read, &"value".into()).ok().and_then(|piece| piece.dyn_into::<Uint8Array>().ok());
            self.splitter.put(&piece.ok_or(ConnectionError::Ended)?.to_vec());
        }
    }
}

impl Posts {
    /// Posts what is queued, several frames at once where they fit, until the connection is closed here.
    async fn send_all(&mut self) -> ConnectionError {
        let mut next = None;
        for number in 0_u64.. {
            let Some(first) = (match next.take() {
                Some(frame) => Some(frame),
                None => self.frames.next().await,
            }) else {
                break;
            };
            let (mut body, mut bytes) = (Vec::new(), 0);
            let mut frame = Some(first);
            while let Some(fitting) = frame.take() {
                bytes += fitting.len();
                body.extend(frame_head(fitting.len()));
                body.extend(fitting);
                match self.frames.next().now_or_never().flatten() {
                    Some(more) if body.len() + 4 + more.len() > MAX_POST_BYTES => next = Some(more),
                    more => frame = more,
                }
            }
            if let Err(cause) = self.post(&format!("{}/{number}", self.url), Some(&body)).await {
                return cause;
            }
            self.unsent.set(self.unsent.get().saturating_sub(bytes));
        }
        ConnectionError::Ended
    }

    /// Posts to an address; the answer is a good one.
    async fn post(&self, url: &str, body: Option<&[u8]>) -> Result<Response, ConnectionError> {
        let options = RequestInit::new();
        options.set_method("POST");
        options.set_signal(Some(&self.abort.signal()));
        if let Some(body) = body {
            options.set_body(&Uint8Array::from(body));
        }
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let answer = JsFuture::from(scope.fetch_with_str_and_init(url, &options)).await;
        let response: Response = answer.map_err(|_| ConnectionError::Unreachable)?.unchecked_into();
        if response.ok() { Ok(response) } else { Err(ConnectionError::Refused { status: response.status() }) }
    }
}
