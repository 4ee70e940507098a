use crate::parts::clock;
use node_wasm::messages::{HistoryEntry, HistoryKind};

/// A history as a table for spreadsheets (RFC 4180): times in ISO 8601 and UTC, amounts exact with a
/// point, negative where money left. What waits has neither time nor block.
pub(crate) fn table(entries: &[HistoryEntry]) -> String {
    let mut text = String::from("time,height,block,transaction,kind,amount_fed,other_address\r\n");
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
        let (txid, amount) = (entry.txid, entry.amount);
        text.push_str(&format!("{time},{height},{block},{txid},{kind},{sign}{amount},{other}\r\n"));
    }
    text
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
            amount: "0.00000001".parse().unwrap(),
            other: Some(Address([7; 20])),
        };
        let mined = HistoryEntry {
            block: Some((BlockId([2; 32]), Height(12))),
            time: Some(Timestamp(1_793_491_200_123)),
            kind: HistoryKind::Mined,
            amount: "1234.5".parse().unwrap(),
            other: None,
            ..paid
        };
        let text = table(&[paid, mined]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        assert_eq!(lines[1], format!(",,,{one},paid,-0.00000001,{}", Address([7; 20])));
        assert_eq!(lines[2], format!("2026-11-01T00:00:00.123Z,12,{two},{one},mined,1234.5,"));
        assert_eq!(lines.len(), 4);
    }
}
