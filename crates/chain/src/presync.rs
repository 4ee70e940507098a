use super::header_refusal::HeaderRefusal;
use super::header_tree::{HeaderTree, Index};
use fedcoin_consensus::{ChainParams, HeaderContext, check_header_in_chain, check_header_in_isolation};
use fedcoin_primitives::units::{Timestamp, Work};
use fedcoin_primitives::{BlockId, Header};
use fedcoin_wire::MAX_HEADERS;
use std::collections::VecDeque;

/// A branch of headers for which there is no room unless it leads to more work than the best (rule F5). It is
/// fetched twice: the first time it is weighed and all rules are checked, but only every so many ids are kept, as
/// marks; the second time its headers are taken, each stretch once its end is found to be the mark.
///
/// Bounds: 4,096 marks, [`HeaderContext::MAX_HEADERS`] headers, and, in the second pass, one stretch. A stretch
/// is [`MAX_HEADERS`] long, one message, until marks are that many; each doubling of it halves them.
#[derive(Debug)]
pub struct Presync {
    /// The known header that the branch builds on.
    start: BlockId,
    /// The last header seen in this pass.
    last: BlockId,
    /// Headers seen in this pass.
    count: usize,
    /// Headers between two marks.
    stretch: usize,
    /// Ids of each `stretch`-th header.
    marks: Vec<BlockId>,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// The branch's work up to the last header, and the last headers, the newest first.
    Presync { work: Work, before: VecDeque<Header> },
    /// Headers since the last mark. The branch has this many, and this last one.
    Redownload { since_mark: Vec<Header>, length: usize, end: BlockId },
}

/// What a message about the branch came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presynced {
    /// The message is not about the branch.
    Unrelated,
    /// The peer has no more work to show, or another branch than before.
    Over,
    /// Ask for the headers after this one.
    Ask(BlockId),
    /// The branch is taken up to this header, and leads to more work than the best did.
    Done(BlockId),
}

/// Most marks of one branch: with stretches of one message, for 8 million headers.
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

    /// The known header that the branch builds on.
    #[must_use]
    pub fn start(&self) -> BlockId {
        self.start
    }

    /// Takes a message of headers. `bar` is the work that the branch must exceed. Headers to be put into the tree are
    /// added to `taken`, in order.
    ///
    /// # Errors
    /// The first [`HeaderRefusal`]; this presync is then of no further use.
    pub(super) fn take(
        &mut self,
        headers: &[Header],
        bar: Work,
        params: &ChainParams,
        wall: Timestamp,
        taken: &mut Vec<Header>,
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

    /// In the second pass, takes what lies between two marks when the second one is reached.
    fn compare(&mut self, header: &Header, taken: &mut Vec<Header>) -> Option<Presynced> {
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
            // Every second one, those of stretches twice as long.
            self.marks = self.marks.iter().skip(1).step_by(2).copied().collect();
            self.stretch *= 2;
        }
    }

    /// The branch has more work than the best: back to its start, to take it.
    fn turn(&mut self) {
        self.phase = Phase::Redownload { since_mark: Vec::new(), length: self.count, end: self.last };
        (self.last, self.count) = (self.start, 0);
    }
}

/// Checks a header by those before it, and adds it to them and to the work.
fn weigh(
    header: &Header,
    work: &mut Work,
    before: &mut VecDeque<Header>,
    params: &ChainParams,
    wall: Timestamp,
) -> Result<(), HeaderRefusal> {
    let own = check_header_in_isolation(header)?.work();
    check_header_in_chain(header, &HeaderContext::after(before.iter(), params), wall)?;
    before.push_front(*header);
    before.truncate(HeaderContext::MAX_HEADERS);
    *work = *work + own;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::test_chain::solved_headers;
    use super::*;
    use fedcoin_primitives::collections::MapKey;

    const WALL: Timestamp = Timestamp(1_800_000_000_000);

    /// A presync with short stretches, the branch, and the bar that only its last header passes.
    fn scene(length: usize, stretch: usize) -> (Presync, Vec<Header>, Work, ChainParams) {
        let params = ChainParams::regtest();
        let genesis = params.genesis_block().header;
        let tree = HeaderTree::new(&genesis, &params, MapKey::new(1));
        let headers = solved_headers(&params, length);
        let own = params.target.expand().unwrap().work();
        let bar = (1..length).fold(Work::ZERO, |sum, _| sum + own);
        let presync = Presync { stretch, ..Presync::new(&tree, HeaderTree::GENESIS) };
        (presync, headers, bar, params)
    }

    fn pass(presync: &mut Presync, headers: &[Header], bar: Work, params: &ChainParams) -> (Vec<Header>, Presynced) {
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
    fn a_branch_of_more_headers_than_marks_allow_is_weighed_and_taken() {
        // 4,095 marks, then the bound, one more, and ten times as many: the distance doubles again and again.
        for (length, stretch) in [(4_095, 1), (4_096, 1), (4_097, 1), (40_960, 16), (40_961, 32)] {
            let (mut presync, headers, bar, params) = scene(length, 1);
            assert_eq!(pass(&mut presync, &headers, bar, &params), (vec![], Presynced::Ask(presync.start())));
            assert!(presync.marks.len() < MAX_MARKS && presync.stretch <= 2 * stretch, "{length}: {}", presync.stretch);
            let (taken, outcome) = pass(&mut presync, &headers, bar, &params);
            assert_eq!((taken.len(), outcome), (length, Presynced::Done(headers[length - 1].id())));
        }
    }

    #[test]
    fn another_branch_the_second_time_is_not_taken() {
        let (mut presync, headers, bar, params) = scene(6_000, 1_000);
        assert_eq!(pass(&mut presync, &headers, bar, &params).1, Presynced::Ask(presync.start()));
        // It differs where the third mark is.
        let mut other = headers[..3_000].to_vec();
        other[2_999].time.0 += 1;
        let (taken, outcome) = pass(&mut presync, &other, bar, &params);
        assert_eq!((taken.len(), outcome), (2_000, Presynced::Over), "up to the last mark, then no more");
    }

    #[test]
    fn a_branch_of_as_much_work_as_the_best_is_not_taken() {
        let (mut presync, headers, bar, params) = scene(10, 1);
        let as_much = bar + params.target.expand().unwrap().work();
        assert_eq!(pass(&mut presync, &headers, as_much, &params), (vec![], Presynced::Over));
    }

    #[test]
    fn headers_are_weighed_by_all_those_before_them_that_a_rule_looks_at() {
        for (later, outcome) in [(0, false), (1, true)] {
            let (mut presync, mut headers, bar, params) = scene(30, 1_000);
            // The middle one of eleven, and a millisecond after it (rule H5).
            headers[29].time = Timestamp(headers[23].time.0 + later);
            while check_header_in_isolation(&headers[29]).is_err() {
                headers[29].nonce += 1;
            }
            let weighed = presync.take(&headers, bar, &params, WALL, &mut Vec::new());
            assert_eq!(weighed == Ok(Presynced::Ask(presync.start())), outcome, "{weighed:?}");
        }
    }
}
