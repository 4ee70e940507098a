//! How headers get into the tree.

use super::BlockStatus;
use super::header_refusal::HeaderRefusal;
use super::header_tree::Index;
use super::presync::{Presync, Presynced};
use super::primary::Chain;
use fedcoin_consensus::{check_header_in_chain, check_header_in_isolation};
use fedcoin_primitives::units::{Timestamp, Work};
use fedcoin_primitives::{BlockId, Header};

/// Most headers that are neither on the best header's chain nor on the primary chain (rule F5).
const MAX_SIDE_HEADERS: usize = 50_000;

impl Chain {
    /// Takes a header, if it obeys all rules that need no block (rules H1 to H6). Returns whether
    /// it is new.
    ///
    /// # Errors
    /// [`HeaderRefusal`]; nothing has changed then.
    pub fn accept_header(&mut self, header: &Header, wall: Timestamp) -> Result<bool, HeaderRefusal> {
        let (new, outcome) = self.accept_headers(core::slice::from_ref(header), wall);
        outcome.map(|()| !new.is_empty())
    }

    /// Takes the headers of one message in order, up to the first that is refused. Returns the new
    /// ones, and why it stopped before the end if it did.
    ///
    /// Where the bound on side headers is reached, only headers are taken that lead, within these,
    /// to more work than any known (rule F5). A branch that does so later is taken by [`Chain::presync`].
    pub fn accept_headers(&mut self, headers: &[Header], wall: Timestamp) -> (Vec<Header>, Result<(), HeaderRefusal>) {
        // Headers below `cleared` need not be asked again what they lead to.
        let (mut new, mut cleared) = (Vec::new(), 0);
        for (at, header) in headers.iter().enumerate() {
            let (id, parent, work) = match self.check_header(header, wall) {
                Ok(Some(place)) => place,
                Ok(None) => continue,
                Err(refusal) => return (new, Err(refusal)),
            };
            if at >= cleared {
                match self.room_for(&headers[at..], parent) {
                    Some(count) => cleared = at + count,
                    None => return (new, Err(HeaderRefusal::TooManySideHeaders)),
                }
            }
            self.tree.insert(*header, id, parent, work);
            new.push(*header);
        }
        (new, Ok(()))
    }

    /// Begins to weigh a branch for which there was no room, at the first of these headers that is unknown. `None` when
    /// it builds on nothing known, or all are known. Returns that header's place, too.
    #[must_use]
    pub fn presync(&self, headers: &[Header]) -> Option<(Presync, usize)> {
        let new = headers.iter().position(|header| self.tree.find(&header.id()).is_none())?;
        let parent = self.tree.find(&headers[new].previous)?;
        Some((Presync::new(&self.tree, parent), new))
    }

    /// Goes on with it, by what the peer has sent. Returns the headers that are new in the tree, and what comes next.
    ///
    /// # Errors
    /// Within, a [`HeaderRefusal`]: the presync is over.
    pub fn go_on_presync(
        &mut self,
        presync: &mut Presync,
        headers: &[Header],
        wall: Timestamp,
    ) -> (Vec<Header>, Result<Presynced, HeaderRefusal>) {
        let (mut taken, mut new) = (Vec::new(), Vec::new());
        let bar = self.tree.node(self.tree.best_header()).work;
        let outcome = presync.take(headers, bar, &self.params, wall, &mut taken);
        for header in taken {
            match self.check_header(&header, wall) {
                Ok(Some((id, parent, work))) => {
                    self.tree.insert(header, id, parent, work);
                    new.push(header);
                }
                Ok(None) => {}
                Err(refusal) => return (new, Err(refusal)),
            }
        }
        (new, outcome)
    }

    /// A new header's id, parent and own work; `None` for a header that is known.
    fn check_header(&self, header: &Header, wall: Timestamp) -> Result<Option<(BlockId, Index, Work)>, HeaderRefusal> {
        let id = header.id();
        if let Some(index) = self.tree.find(&id) {
            let invalid = self.tree.node(index).status == BlockStatus::Invalid;
            return if invalid { Err(HeaderRefusal::KnownInvalid) } else { Ok(None) };
        }
        let parent = self.tree.find(&header.previous).ok_or(HeaderRefusal::UnknownParent(header.previous))?;
        if self.tree.node(parent).status == BlockStatus::Invalid {
            return Err(HeaderRefusal::InvalidParent(header.previous));
        }
        let work = check_header_in_isolation(header)?.work();
        check_header_in_chain(header, &self.tree.context(parent, &self.params), wall)?;
        Ok(Some((id, parent, work)))
    }

    /// How many of the headers, the first of which builds on `parent`, have room (rule F5). Costs
    /// one pass over them at most.
    fn room_for(&self, headers: &[Header], parent: Index) -> Option<usize> {
        if self.side_headers() < MAX_SIDE_HEADERS {
            return Some(1);
        }
        let best = self.tree.node(self.tree.best_header());
        let (mut work, mut last) = (self.tree.node(parent).work, self.tree.node(parent).id);
        for (count, header) in (1..).zip(headers) {
            if header.previous != last {
                return None;
            }
            work = work + check_header_in_isolation(header).ok()?.work();
            if work > best.work {
                return Some(count);
            }
            last = header.id();
        }
        None
    }

    /// How many headers are on neither of the two chains that matter.
    fn side_headers(&self) -> usize {
        let (best, tip) = (self.tree.best_header(), self.tip_index());
        let height = |index: Index| self.tree.node(index).height.index();
        // Genesis is on both.
        self.tree.len() + height(self.tree.fork_point(best, tip)) - 1 - height(best) - height(tip)
    }
}
