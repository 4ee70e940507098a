use crate::explorer::list_window::{ListWindow, Scroll};
use crate::parts::clock;
use crate::parts::pace::Pace;
use crate::route::{View, use_route};
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::SyncStatus;
use fedcoin_node::units::Height;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{BlockState, BlockSummary};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;

/// Number of blocks requested at a time.
const PAGE: u32 = 50;
/// Maximum number of older blocks kept; beyond it, blocks at distant heights are dropped.
const MAX_KEPT: usize = 1_000;
/// Minimum interval of updates of the newest blocks during a sync, in milliseconds.
const PACE_MS: u64 = 1_000;
/// Values before the list was first laid out: roughly those of a wide window.
const UNKNOWN: Scroll = Scroll { top: 0.0, seen: 480.0, row: 40.0 };

/// All blocks, of which only those near the visible ones are loaded and rendered: first the newest, side branches
/// included, from the node's state; below, the primary chain by height, loaded on scrolling.
#[derive(Clone, Copy)]
pub(crate) struct BlockList {
    session: Session,
    element: NodeRef<html::Div>,
    newest: AnySignal<Newest>,
    older: AnySignal<BTreeMap<Height, BlockSummary>>,
    scroll: AnySignal<Scroll>,
    /// Whether an answer is pending.
    asking: RwSignal<bool>,
    /// The last requested height, to request it only once.
    requested: StoredValue<Option<Height>>,
}

/// The upper end of the list.
#[derive(Clone, Debug, Default, PartialEq)]
struct Newest {
    blocks: Vec<BlockSummary>,
    /// Number of older blocks of the primary chain below these.
    older: u32,
}

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) height: Height,
    /// The block, once loaded.
    pub(crate) block: Option<BlockSummary>,
}

impl BlockList {
    /// A list that follows the node while it is visible.
    pub(crate) fn new() -> Self {
        let list = Self {
            session: use_session(),
            element: NodeRef::new(),
            newest: AnySignal::new(Newest::default()),
            older: AnySignal::new(BTreeMap::new()),
            scroll: AnySignal::new(UNKNOWN),
            asking: RwSignal::new(false),
            requested: StoredValue::new(None),
        };
        list.follow();
        list.keep_asking();
        list
    }

    /// The scrolling element.
    pub(crate) const fn element(self) -> NodeRef<html::Div> {
        self.element
    }

    /// The rendered rows.
    pub(crate) fn window(self) -> Memo<ListWindow> {
        Memo::new(move |_| ListWindow::of(self.newest.with(Newest::rows), self.scroll.get()))
    }

    /// The rendered rows with their blocks.
    pub(crate) fn rows(self) -> Memo<Vec<Row>> {
        let window = self.window();
        Memo::new(move |_| {
            let ListWindow { first, count, .. } = window.get();
            self.newest.with(|newest| {
                self.older.with(|older| (first..first + count).filter_map(|i| newest.row(i, older)).collect())
            })
        })
    }

    /// Whether there are no blocks.
    pub(crate) fn is_empty(self) -> bool {
        self.newest.with(|newest| newest.rows() == 0)
    }

    /// Whether the newest blocks are out of sight; then the list does not move when new ones arrive.
    pub(crate) fn is_away(self) -> Memo<bool> {
        Memo::new(move |_| self.scroll.with(|scroll| scroll.top > scroll.row / 2.0))
    }

    /// Measures scroll position and row height. Forces a layout of the document.
    pub(crate) fn measure(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let row = element.first_element_child().and_then(|list| list.first_element_child());
        let row = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok());
        let row = row.map_or(0, |row| row.offset_height());
        let seen = element.client_height();
        // Both are 0 while another view is visible.
        if row > 0 && seen > 0 {
            let now = Scroll { top: element.scroll_top().into(), seen: seen.into(), row: row.into() };
            self.scroll.maybe_update(|scroll| core::mem::replace(scroll, now) != now);
        }
    }

    /// Scrolls to the newest block.
    pub(crate) fn to_newest(self) {
        self.scroll_to(|_| 0);
    }

    /// Scrolls to genesis.
    pub(crate) fn to_oldest(self) {
        self.scroll_to(web_sys::Element::scroll_height);
    }

    /// The scroll event that follows renders the list.
    fn scroll_to(self, place: impl Fn(&web_sys::Element) -> i32) {
        if let Some(element) = self.element.get_untracked() {
            element.set_scroll_top(place(&element));
        }
    }

    /// Follows the newest blocks in the node's state: not while another view or an older part is visible, unless there
    /// was a reorganisation, and rarely during a long sync.
    fn follow(self) {
        let session = self.session;
        let view = use_route().view();
        let away = self.is_away();
        let state = session.part(|state| (state.recent_blocks.clone(), state.status.tip.height));
        let synced = session.part(|state| state.status.sync == SyncStatus::Synced);
        let course = Memo::new(move |_| session.reorganisations().first().map(|reorganisation| reorganisation.tip));
        let pace = StoredValue::new(Pace::new(PACE_MS));
        Effect::new(move |before: Option<Option<_>>| {
            let course = course.get();
            let turned = before.is_some_and(|before| before != course && course.is_some());
            if turned {
                self.forget_older();
            }
            let (seen, away, synced) = (view.get() == View::Blocks, away.get(), synced.get() == Some(true));
            let Some((blocks, tip)) = state.get() else { return course };
            let due = || synced || pace.try_update_value(|pace| pace.is_due(clock::now())) == Some(true);
            if turned || seen && !away && due() {
                let new = Newest::of(blocks, tip);
                self.newest.maybe_update(|newest| {
                    let changed = *newest != new;
                    *newest = new;
                    changed
                });
            }
            course
        });
        // Measured after the view has been laid out.
        Effect::new(move |_| {
            if view.get() == View::Blocks {
                request_animation_frame(move || self.measure());
            }
        });
    }

    fn forget_older(self) {
        self.older.set(BTreeMap::new());
        self.requested.set_value(None);
    }

    /// Requests visible blocks that are missing, one page at a time.
    fn keep_asking(self) {
        let rows = self.rows();
        let missing =
            Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.block.is_none()).map(|row| row.height)));
        Effect::new(move |_| {
            let (Some(height), false) = (missing.get(), self.asking.get()) else { return };
            let Some(client) = self.session.client().filter(|_| self.requested.get_value() != Some(height)) else {
                return;
            };
            self.requested.set_value(Some(height));
            self.asking.set(true);
            spawn_local(async move {
                let from = Height((height.0 / PAGE).saturating_add(1).saturating_mul(PAGE).saturating_sub(1));
                let blocks = client.blocks(Some(from), PAGE).await.unwrap_or_default();
                self.older.try_update(|older| {
                    if older.len() + blocks.len() > MAX_KEPT {
                        older.clear();
                    }
                    older.extend(blocks.into_iter().map(|block| (block.height, block)));
                });
                self.asking.try_set(false);
            });
        });
    }
}

impl Newest {
    fn of(blocks: Vec<BlockSummary>, tip: Height) -> Self {
        let lowest = blocks.iter().filter(|block| block.state == BlockState::Primary).map(|block| block.height).min();
        // If none of them is on the primary chain, the whole chain is below.
        Self { blocks, older: lowest.map_or(tip.0.saturating_add(1), |lowest| lowest.0) }
    }

    fn rows(&self) -> usize {
        self.blocks.len() + self.older as usize
    }

    fn row(&self, index: usize, older: &BTreeMap<Height, BlockSummary>) -> Option<Row> {
        if let Some(block) = self.blocks.get(index) {
            return Some(Row { height: block.height, block: Some(*block) });
        }
        let below = u32::try_from(index - self.blocks.len()).ok()?;
        let height = Height(self.older.checked_sub(1)?.checked_sub(below)?);
        Some(Row { height, block: older.get(&height).copied() })
    }
}
