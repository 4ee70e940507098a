use crate::parts::clock;
use fedcoin_node::units::Amount;
use node_wasm::messages::{HistoryEntry, HistoryKind, HistoryPage, TxLocation};

const HEAD: &str = "time,height,block,transaction,kind,amount_fed,fee_fed,change_fed,own_address,other_address\r\n";

/// Writes a whole history as a table for spreadsheets (RFC 4180), page by page: times in ISO 8601 and UTC, exact
/// amounts with a decimal point, negative for outgoing ones. `change_fed` adds up to the balance: it counts the fee, and
/// nothing else of payments between own keys. Waiting payments have no time and no block.
///
/// # Errors
/// The error of `page`; the table is then incomplete.
pub(crate) async fn write<E>(
    mut page: impl AsyncFnMut(Option<TxLocation>) -> Result<HistoryPage, E>,
    mut write: impl FnMut(&str),
) -> Result<(), E> {
    write(HEAD);
    let mut place = None;
    loop {
        let HistoryPage { entries, next } = page(place).await?;
        write(&lines(&entries));
        place = next;
        if place.is_none() {
            return Ok(());
        }
    }
}

fn lines(entries: &[HistoryEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let time = entry.time.map(clock::iso_time).unwrap_or_default();
        let (block, height) =
            entry.block.map(|(id, height)| (id.to_string(), height.0.to_string())).unwrap_or_default();
        let (kind, sign) = match entry.kind {
            HistoryKind::Mined => ("mined", ""),
            HistoryKind::Received => ("received", ""),
            HistoryKind::Paid => ("paid", "-"),
            HistoryKind::ToSelf => ("to_self", ""),
        };
        let other = entry.other.map(|other| other.to_string()).unwrap_or_default();
        let HistoryEntry { txid, amount, own, .. } = entry;
        let fee = negative(entry.fee);
        let (adds, takes) = entry.change();
        let change = if takes > Amount::ZERO { negative(takes) } else { adds.to_string() };
        text.push_str(&format!(
            "{time},{height},{block},{txid},{kind},{sign}{amount},{fee},{change},{own},{other}\r\n"
        ));
    }
    text
}

fn negative(amount: Amount) -> String {
    if amount == Amount::ZERO { amount.to_string() } else { format!("-{amount}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::primitives::{Address, BlockId, TxId};
    use fedcoin_node::units::{Height, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_entry_is_a_line() {
        let paid = HistoryEntry {
            txid: TxId([1; 32]),
            block: None,
            time: None,
            kind: HistoryKind::Paid,
            own: Address([6; 20]),
            amount: "0.00000001".parse().unwrap(),
            fee: "0.5".parse().unwrap(),
            spendable_from: None,
            other: Some(Address([7; 20])),
        };
        let mined = HistoryEntry {
            block: Some((BlockId([2; 32]), Height(12))),
            time: Some(Timestamp(1_793_491_200_123)),
            kind: HistoryKind::Mined,
            amount: "1234.5".parse().unwrap(),
            fee: Amount::ZERO,
            other: None,
            ..paid
        };
        let moved = HistoryEntry { kind: HistoryKind::ToSelf, ..paid };
        let text = lines(&[paid, mined, moved]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        let (own, other) = (Address([6; 20]), Address([7; 20]));
        assert_eq!(lines[0], format!(",,,{one},paid,-0.00000001,-0.5,-0.50000001,{own},{other}"));
        assert_eq!(lines[1], format!("2026-11-01T00:00:00.123Z,12,{two},{one},mined,1234.5,0,1234.5,{own},"));
        assert_eq!(lines[2], format!(",,,{one},to_self,0.00000001,-0.5,-0.5,{own},{other}"));
        assert_eq!(lines.len(), 4);
    }

    /// A history of `pages` pages with one entry each, of which `told` can be loaded.
    async fn written(pages: u32, told: u32) -> (Result<(), u32>, usize) {
        let mut text = String::new();
        let mut height = pages;
        let page = async |place: Option<TxLocation>| {
            assert_eq!(place.is_none(), height == pages, "each page but the first has a position");
            if pages - height == told {
                return Err(height);
            }
            height -= 1;
            let entry = HistoryEntry {
                txid: TxId([1; 32]),
                block: Some((BlockId([2; 32]), Height(height))),
                time: None,
                kind: HistoryKind::Mined,
                own: Address([6; 20]),
                amount: "1".parse().unwrap(),
                fee: Amount::ZERO,
                spendable_from: None,
                other: None,
            };
            let next = (height > 0).then_some(TxLocation { height: Height(height), position: 0 });
            Ok(HistoryPage { entries: vec![entry], next })
        };
        let outcome = write(page, |piece| text.push_str(piece)).await;
        (outcome, text.lines().count())
    }

    #[wasm_bindgen_test]
    async fn a_history_of_any_length_is_written_completely() {
        for pages in [1, 2_000, 2_001, 20_000] {
            assert_eq!(written(pages, u32::MAX).await, (Ok(()), pages as usize + 1));
        }
        assert_eq!(written(5, 3).await.0, Err(2), "an incomplete history is an error");
    }
}
