use crate::codec::{from_js, to_js};
use fedcoin_keyring::Record;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, TransactionMode};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const DATABASE: &str = "fedcoin-keys";
const RECORDS: &str = "slots";
/// Maximum time for one step of the browser in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// A slot's record in the browser's database.
#[derive(Debug)]
pub(super) struct KeyDatabase {
    database: Database,
    /// Whether the browser has closed the connection.
    closed: Rc<Cell<bool>>,
    /// The record's key: network and slot.
    key: String,
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

    /// Reads the record, which is empty if there is none. An unreadable record is copied before anything overwrites it.
    pub(super) async fn read(&self) -> Result<Record, String> {
        let get = async {
            let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadOnly)?;
            transaction.object_store(RECORDS)?.get(JsValue::from_str(&self.key))?.await
        };
        let Some(value) = in_time(get).await? else { return Ok(Record::default()) };
        let record = from_js::<Record>(value.clone());
        if !record.as_ref().is_ok_and(Record::is_whole) {
            self.put(&format!("{}/unreadable-{}", self.key, js_sys::Date::now()), &value).await?;
        }
        Ok(record.unwrap_or_default())
    }

    /// Replaces the record. When this returns, the browser has committed it. Opens a new connection if the browser has
    /// closed the old one.
    pub(super) async fn write(&mut self, record: &Record) -> Result<(), String> {
        let value = to_js(record).map_err(|e| e.to_string())?;
        if self.put(&self.key, &value).await.is_ok() {
            return Ok(());
        }
        self.database.close();
        (self.database, self.closed) = connect().await?;
        self.put(&self.key, &value).await
    }

    async fn put(&self, key: &str, value: &JsValue) -> Result<(), String> {
        let put = async {
            let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadWrite)?;
            transaction.object_store(RECORDS)?.put(value, Some(&JsValue::from_str(key)))?;
            transaction.await
        };
        let result = in_time(put).await?;
        if result.is_committed() { Ok(()) } else { Err("the browser undid the change".into()) }
    }
}

impl Drop for KeyDatabase {
    fn drop(&mut self) {
        self.database.close();
    }
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
