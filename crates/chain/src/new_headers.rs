//! Adds headers to the tree.

use super::BlockStatus;
use super::header_refusal::HeaderRefusal;
use super::header_tree::Index;
use super::presync::{Presync, Presynced};
use super::primary::Chain;
use fedcoin_consensus::{check_header_in_chain, check_header_in_isolation};
use fedcoin_primitives::units::{Timestamp, Work};
use fedcoin_primitives::{Header, Identified};

/// Maximum number of headers that are on neither the best header's chain nor the primary chain (rule F5).
const MAX_SIDE_HEADERS: usize = 50_000;

impl Chain {
    /// Accepts a header that satisfies all rules that need no block (rules H1 to H6). Returns whether it is new.
    ///
    /// # Errors
    /// [`HeaderRefusal`]; nothing has changed then.
    pub fn accept_header(
        &mut self,
        header: impl Into<Identified<Header>>,
        wall: Timestamp,
    ) -> Result<bool, HeaderRefusal> {
        let (new, outcome) = self.accept_headers(&[header.into()], wall);
        outcome.map(|()| !new.is_empty())
    }

    /// Accepts the headers of one message in order, up to the first refused one. Returns the new ones, and the reason
    /// if it stopped before the end.
    ///
    /// Where the bound on side headers is reached, only headers are taken that lead, within these,
    /// to more work than any known (rule F5). A branch that does so later is taken by [`Chain::presync`].
    pub fn accept_headers(
        &mut self,
        headers: &[Identified<Header>],
        wall: Timestamp,
    ) -> (Vec<Identified<Header>>, Result<(), HeaderRefusal>) {
        // Headers below `cleared` are known to have room.
        let (mut new, mut cleared) = (Vec::new(), 0);
        for (at, header) in headers.iter().enumerate() {
            let (parent, work) = match self.check_header(header, wall) {
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
            self.tree.insert(**header, header.id(), parent, work);
            new.push(*header);
        }
        (new, Ok(()))
    }

    /// Starts the presync of a branch without room, at the first of these headers that is unknown. Also returns that
    /// header's position. `None` if the branch has no known parent, or if all headers are known.
    #[must_use]
    pub fn presync(&self, headers: &[Identified<Header>]) -> Option<(Presync, usize)> {
        let new = headers.iter().position(|header| self.tree.find(&header.id()).is_none())?;
        let parent = self.tree.find(&headers[new].previous)?;
        Some((Presync::new(&self.tree, parent), new))
    }

    /// Continues a presync with headers from the peer. Returns the headers that are new in the tree, and the next step.
    ///
    /// # Errors
    /// The inner [`HeaderRefusal`] ends the presync.
    pub fn go_on_presync(
        &mut self,
        presync: &mut Presync,
        headers: &[Identified<Header>],
        wall: Timestamp,
    ) -> (Vec<Identified<Header>>, Result<Presynced, HeaderRefusal>) {
        let (mut taken, mut new) = (Vec::new(), Vec::new());
        let bar = self.tree.node(self.tree.best_header()).work;
        let outcome = presync.take(headers, bar, &self.params, wall, &mut taken);
        for header in taken {
            match self.check_header(&header, wall) {
                Ok(Some((parent, work))) => {
                    self.tree.insert(*header, header.id(), parent, work);
                    new.push(header);
                }
                Ok(None) => {}
                Err(refusal) => return (new, Err(refusal)),
            }
        }
        (new, outcome)
    }

    /// A new header's parent and own work; `None` for a header that is known.
    fn check_header(
        &self,
        header: &Identified<Header>,
        wall: Timestamp,
    ) -> Result<Option<(Index, Work)>, HeaderRefusal> {
        if let Some(index) = self.tree.find(&header.id()) {
            let invalid = self.tree.node(index).status == BlockStatus::Invalid;
            return if invalid { Err(HeaderRefusal::KnownInvalid) } else { Ok(None) };
        }
        let parent = self.tree.find(&header.previous).ok_or(HeaderRefusal::UnknownParent(header.previous))?;
        if self.tree.node(parent).status == BlockStatus::Invalid {
            return Err(HeaderRefusal::InvalidParent(header.previous));
        }
        let work = check_header_in_isolation(*header)?.work();
        check_header_in_chain(header, &self.tree.context(parent, &self.params), wall)?;
        Ok(Some((parent, work)))
    }

    /// How many of the headers, the first of which builds on `parent`, have room (rule F5). Costs at most one pass over
    /// them.
    fn room_for(&self, headers: &[Identified<Header>], parent: Index) -> Option<usize> {
        if self.side_headers() < MAX_SIDE_HEADERS {
            return Some(1);
        }
        let best = self.tree.node(self.tree.best_header());
        let (mut work, mut last) = (self.tree.node(parent).work, self.tree.node(parent).id);
        for (count, header) in (1..).zip(headers) {
            if header.previous != last {
                return None;
            }
            work = work + check_header_in_isolation(*header).ok()?.work();
            if work > best.work {
                return Some(count);
            }
            last = header.id();
        }
        None
    }

    /// Number of headers on neither the best header's chain nor the primary chain.
    fn side_headers(&self) -> usize {
        let (best, tip) = (self.tree.best_header(), self.tip_index());
        let height = |index: Index| self.tree.node(index).height.index();
        // Genesis is on both.
        self.tree.len() + height(self.tree.fork_point(best, tip)) - 1 - height(best) - height(tip)
    }
}
