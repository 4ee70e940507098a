use super::header_refusal::HeaderRefusal;
use super::header_tree::{HeaderTree, Index};
use fedcoin_consensus::{ChainParams, HeaderContext, check_header_in_chain, check_header_in_isolation};
use fedcoin_primitives::units::{Timestamp, Work};
use fedcoin_primitives::{BlockId, Header, Identified};
use fedcoin_wire::MAX_HEADERS;
use std::collections::VecDeque;

/// A branch of headers for which there is no room unless it leads to more work than the best header (rule F5). It is
/// downloaded twice. The first pass checks all rules and adds up the work, but keeps only the ids of some headers, as
/// marks. The second pass accepts the headers, each stretch once its last header matches the mark.
///
/// Bounds: 4,096 marks, [`HeaderContext::MAX_HEADERS`] headers, and, in the second pass, one stretch. A stretch
/// initially has [`MAX_HEADERS`] headers, one message; when the marks are full, the stretch doubles and the number of
/// marks halves.
#[derive(Debug)]
pub struct Presync {
    /// The known header that the branch builds on.
    start: BlockId,
    /// The last header of this pass.
    last: BlockId,
    /// Number of headers in this pass.
    count: usize,
    /// Number of headers between two marks.
    stretch: usize,
    /// Ids of each `stretch`-th header.
    marks: Vec<BlockId>,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// Work of the branch up to the last header, and the last headers, newest first.
    Presync { work: Work, before: VecDeque<Header> },
    /// Headers since the last mark. The branch has `length` headers and ends with `end`.
    Redownload { since_mark: Vec<Identified<Header>>, length: usize, end: BlockId },
}

/// The outcome of a message of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presynced {
    /// The message does not belong to the branch.
    Unrelated,
    /// The peer has no more work to show, or sent another branch than before.
    Over,
    /// Request the headers after this one.
    Ask(BlockId),
    /// The branch has been accepted up to this header, and has more work than the best header had.
    Done(BlockId),
}

/// Maximum number of marks: with stretches of one message, enough for 8 million headers.
const MAX_MARKS: usize = 4_096;

impl Presync {
    pub(super) fn new(tree: &HeaderTree, parent: Index) -> Self {
        let start = tree.node(parent);
        let before = tree.back_from(parent).take(HeaderContext::MAX_HEADERS).copied().collect();
        Self {
            start: start.id,
            last: start.id,
            count: 0,
            stretch: MAX_HEADERS,
            marks: Vec::new(),
            phase: Phase::Presync { work: start.work, before },
        }
    }

    /// The known header on which the branch builds.
    #[must_use]
    pub fn start(&self) -> BlockId {
        self.start
    }

    /// Processes a message of headers. `bar` is the work that the branch must exceed. Headers for the tree are added to
    /// `taken`, in order.
    ///
    /// # Errors
    /// The first [`HeaderRefusal`]; this presync is then no longer usable.
    pub(super) fn take(
        &mut self,
        headers: &[Identified<Header>],
        bar: Work,
        params: &ChainParams,
        wall: Timestamp,
        taken: &mut Vec<Identified<Header>>,
    ) -> Result<Presynced, HeaderRefusal> {
        if headers.first().is_some_and(|first| first.previous != self.last) {
            return Ok(Presynced::Unrelated);
        }
        for header in headers {
            if header.previous != self.last {
                return Ok(Presynced::Over);
            }
            (self.last, self.count) = (header.id(), self.count + 1);
            if let Phase::Presync { work, before } = &mut self.phase {
                weigh(header, work, before, params, wall)?;
                if *work > bar {
                    self.turn();
                    return Ok(Presynced::Ask(self.start));
                }
                self.mark();
            } else if let Some(outcome) = self.compare(header, taken) {
                return Ok(outcome);
            }
        }
        Ok(if headers.len() == MAX_HEADERS { Presynced::Ask(self.last) } else { Presynced::Over })
    }

    /// In the second pass, accepts a stretch when its last header is reached and matches the mark.
    fn compare(&mut self, header: &Identified<Header>, taken: &mut Vec<Identified<Header>>) -> Option<Presynced> {
        let Phase::Redownload { since_mark, length, end } = &mut self.phase else { return None };
        since_mark.push(*header);
        let at_end = self.count == *length;
        let mark = match self.count / self.stretch {
            _ if at_end => Some(&*end),
            n if self.count.is_multiple_of(self.stretch) => self.marks.get(n - 1),
            _ => None,
        };
        if mark.is_some_and(|mark| *mark != self.last) {
            return Some(Presynced::Over);
        }
        if mark.is_some() {
            taken.append(since_mark);
        }
        at_end.then_some(Presynced::Done(self.last))
    }

    /// Keeps the id of the last header of a stretch.
    fn mark(&mut self) {
        if !self.count.is_multiple_of(self.stretch) {
            return;
        }
        self.marks.push(self.last);
        if self.marks.len() == MAX_MARKS {
            // Keep every second mark, for stretches twice as long.
            self.marks = self.marks.iter().skip(1).step_by(2).copied().collect();
            self.stretch *= 2;
        }
    }

    /// The branch has enough work: starts the second pass.
    fn turn(&mut self) {
        self.phase = Phase::Redownload { since_mark: Vec::new(), length: self.count, end: self.last };
        (self.last, self.count) = (self.start, 0);
    }
}

/// Checks a header against its predecessors, and adds it to them and to the work.
fn weigh(
    header: &Identified<Header>,
    work: &mut Work,
    before: &mut VecDeque<Header>,
    params: &ChainParams,
    wall: Timestamp,
) -> Result<(), HeaderRefusal> {
    let own = check_header_in_isolation(*header)?.work();
    check_header_in_chain(header, &HeaderContext::after(before.iter(), params), wall)?;
    before.push_front(**header);
    before.truncate(HeaderContext::MAX_HEADERS);
    *work = *work + own;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::test_chain::{solved, solved_headers};
    use super::*;
    use fedcoin_primitives::collections::MapKey;

    const WALL: Timestamp = Timestamp(1_800_000_000_000);

    /// A presync with short stretches, a branch, and a bar that only its last header exceeds.
    fn scene(length: usize, stretch: usize) -> (Presync, Vec<Identified<Header>>, Work, ChainParams) {
        let params = ChainParams::regtest();
        let genesis = params.genesis_block().header;
        let tree = HeaderTree::new(&genesis, &params, MapKey::new(1));
        let headers = solved_headers(&params, length);
        let own = params.target.expand().unwrap().work();
        let bar = (1..length).fold(Work::ZERO, |sum, _| sum + own);
        let presync = Presync { stretch, ..Presync::new(&tree, HeaderTree::GENESIS) };
        (presync, headers, bar, params)
    }

    fn pass(
        presync: &mut Presync,
        headers: &[Identified<Header>],
        bar: Work,
        params: &ChainParams,
    ) -> (Vec<Identified<Header>>, Presynced) {
        let mut taken = Vec::new();
        for part in headers.chunks(MAX_HEADERS) {
            let outcome = presync.take(part, bar, params, WALL, &mut taken).unwrap();
            if outcome != Presynced::Ask(part[part.len() - 1].id()) {
                return (taken, outcome);
            }
            if let Phase::Redownload { since_mark, .. } = &presync.phase {
                assert!(since_mark.len() < presync.stretch);
            }
        }
        (taken, Presynced::Over)
    }

    #[test]
    fn a_branch_with_more_headers_than_marks_is_accepted() {
        // 4,095 marks, then the limit, one more, and ten times as many: the stretch doubles repeatedly.
        for (length, stretch) in [(4_095, 1), (4_096, 1), (4_097, 1), (40_960, 16), (40_961, 32)] {
            let (mut presync, headers, bar, params) = scene(length, 1);
            assert_eq!(pass(&mut presync, &headers, bar, &params), (vec![], Presynced::Ask(presync.start())));
            assert!(presync.marks.len() < MAX_MARKS && presync.stretch <= 2 * stretch, "{length}: {}", presync.stretch);
            let (taken, outcome) = pass(&mut presync, &headers, bar, &params);
            assert_eq!((taken.len(), outcome), (length, Presynced::Done(headers[length - 1].id())));
        }
    }

    #[test]
    fn another_branch_in_the_second_pass_is_not_accepted() {
        let (mut presync, headers, bar, params) = scene(6_000, 1_000);
        assert_eq!(pass(&mut presync, &headers, bar, &params).1, Presynced::Ask(presync.start()));
        // It differs at the third mark.
        let mut other = headers[..3_000].to_vec();
        other[2_999] = Header { time: Timestamp(other[2_999].time.0 + 1), ..*other[2_999] }.into();
        let (taken, outcome) = pass(&mut presync, &other, bar, &params);
        assert_eq!((taken.len(), outcome), (2_000, Presynced::Over), "up to the last matching mark");
    }

    #[test]
    fn a_branch_with_equal_work_is_not_accepted() {
        let (mut presync, headers, bar, params) = scene(10, 1);
        let as_much = bar + params.target.expand().unwrap().work();
        assert_eq!(pass(&mut presync, &headers, as_much, &params), (vec![], Presynced::Over));
    }

    #[test]
    fn headers_are_checked_against_all_relevant_predecessors() {
        for (later, outcome) in [(0, false), (1, true)] {
            let (mut presync, mut headers, bar, params) = scene(30, 1_000);
            // The middle one of eleven, and a millisecond after it (rule H5).
            headers[29] = solved(Header { time: Timestamp(headers[23].time.0 + later), ..*headers[29] });
            let weighed = presync.take(&headers, bar, &params, WALL, &mut Vec::new());
            assert_eq!(weighed == Ok(Presynced::Ask(presync.start())), outcome, "{weighed:?}");
        }
    }
}
