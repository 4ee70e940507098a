use crate::codec::{from_js, to_js};
use fedcoin_keyring::Record;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, KeyRange, ObjectStore, Query, TransactionMode};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const DATABASE: &str = "fedcoin-keys";
const RECORDS: &str = "slots";
/// Maximum time for one step of the browser in milliseconds.
const PATIENCE_MS: u32 = 10_000;
/// Copies kept of records that could not be read whole; the oldest ones go.
const MAX_COPIES: usize = 4;

/// A slot's record in the browser's database.
#[derive(Debug)]
pub(super) struct KeyDatabase {
    database: Database,
    /// Whether the browser has closed the connection.
    closed: Rc<Cell<bool>>,
    /// The record's key: network and slot.
    key: String,
}

/// A record as it is stored.
pub(super) struct Stored {
    /// What can be read of it.
    pub(super) record: Record,
    /// The number of its keys that cannot be read; 1 if nothing can.
    pub(super) unreadable: usize,
    raw: JsValue,
}

/// What became of a write.
pub(super) enum Written {
    /// The browser has committed it.
    Done,
    /// Nothing was written: another tab has stored this.
    Overtaken(Stored),
}

impl KeyDatabase {
    pub(super) async fn open(network: &str, slot: u32) -> Result<Self, String> {
        let (database, closed) = connect().await?;
        Ok(Self { database, closed, key: format!("{network}/{slot}") })
    }

    /// Whether the browser has closed the connection, as it does when it deletes stored data.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// The record, if there is one.
    pub(super) async fn read(&self) -> Result<Option<Stored>, String> {
        in_time(async {
            let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadOnly)?;
            read(&transaction.object_store(RECORDS)?, &self.key).await
        })
        .await
    }

    /// Replaces the record `seen`, or one that is gone, in one transaction: if another tab has stored a different one
    /// since, nothing is written. Opens a new connection if the browser has closed the old one.
    pub(super) async fn replace(&mut self, seen: &Record, record: &Record) -> Result<Written, String> {
        let value = to_js(record).map_err(|e| e.to_string())?;
        if let Ok(written) = self.try_replace(seen, record, &value).await {
            return Ok(written);
        }
        self.database.close();
        (self.database, self.closed) = connect().await?;
        self.try_replace(seen, record, &value).await
    }

    async fn try_replace(&self, seen: &Record, record: &Record, value: &JsValue) -> Result<Written, String> {
        let replace = async {
            let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadWrite)?;
            let records = transaction.object_store(RECORDS)?;
            match read(&records, &self.key).await? {
                // An earlier try has come through after all.
                Some(stored) if stored.record == *record && stored.unreadable == 0 => return Ok(Ok(Written::Done)),
                Some(stored) if stored.record != *seen => return Ok(Ok(Written::Overtaken(stored))),
                Some(stored) if stored.unreadable > 0 => self.copy(&records, &stored.raw).await?,
                _ => {}
            }
            records.put(value, Some(&JsValue::from_str(&self.key)))?;
            let committed = transaction.await?.is_committed();
            Ok(committed.then_some(Written::Done).ok_or_else(|| "the browser undid the change".to_owned()))
        };
        in_time(replace).await?
    }

    /// Keeps a copy of a record that is about to be overwritten and that could not be read whole.
    async fn copy(&self, records: &ObjectStore, raw: &JsValue) -> Result<(), idb::Error> {
        let (first, last) = (format!("{}/unreadable-", self.key), format!("{}/unreadable-\u{ffff}", self.key));
        let range = KeyRange::bound(&JsValue::from_str(&first), &JsValue::from_str(&last), None, None)?;
        // In the order of their times, which have equally many digits until the year 2286.
        let copies = records.get_all_keys(Some(Query::KeyRange(range)), None)?.await?;
        for old in copies.iter().take((copies.len() + 1).saturating_sub(MAX_COPIES)) {
            records.delete(old.clone())?.await?;
        }
        records.put(raw, Some(&JsValue::from_str(&format!("{first}{}", js_sys::Date::now()))))?.await?;
        Ok(())
    }
}

impl Drop for KeyDatabase {
    fn drop(&mut self) {
        self.database.close();
    }
}

async fn read(records: &ObjectStore, key: &str) -> Result<Option<Stored>, idb::Error> {
    let value = records.get(JsValue::from_str(key))?.await?;
    Ok(value.map(|raw| {
        let record = from_js::<Record>(raw.clone());
        let unreadable = record.as_ref().map_or(1, Record::unreadable);
        Stored { record: record.unwrap_or_default(), unreadable, raw }
    }))
}

async fn connect() -> Result<(Database, Rc<Cell<bool>>), String> {
    let builder = DatabaseBuilder::new(DATABASE).version(1).add_object_store(ObjectStoreBuilder::new(RECORDS));
    let mut database = in_time(builder.build()).await?;
    let closed = Rc::new(Cell::new(false));
    let note = Rc::clone(&closed);
    database.on_close(move |_| note.set(true));
    Ok((database, closed))
}

/// Waits for the browser, up to a limit.
async fn in_time<T>(step: impl Future<Output = Result<T, idb::Error>>) -> Result<T, String> {
    match select(pin!(step), TimeoutFuture::new(PATIENCE_MS)).await {
        Either::Left((result, _)) => result.map_err(|e| e.to_string()),
        Either::Right(_) => Err("the browser's database does not respond".into()),
    }
}
