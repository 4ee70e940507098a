use crate::environment::said;
use crate::{environment, prefs};
use fedcoin_node::consensus::ChainParams;
use serde::Deserialize;

/// Path of the network's rules on the relay, beside the page.
const RULES: &str = "api/v1/network";
/// Key under which the page remembers them, so that the node starts without the relay.
const REMEMBERED: &str = "fedcoin-network";
/// Where it remembers, for a network's name, the id of the rules that the wallet belongs to.
const PINNED: &str = "fedcoin-network-id";

/// Maximum wait for the relay's answer before the remembered rules are used, in milliseconds.
const PATIENCE_MS: u32 = 4_000;
/// Maximum wait if no rules are remembered, before the page reports the failure.
const PATIENCE_AT_FIRST_MS: u32 = 30_000;

/// The part of the relay's answer that the page needs.
#[derive(Deserialize)]
struct NetworkView {
    params: ChainParams,
}

/// The rules of a network.
pub(crate) struct Rules {
    pub(crate) params: ChainParams,
    /// The network has other rules than it had in this browser before, under the same name.
    pub(crate) changed: Option<Changed>,
}

/// The ids of a network's rules before and now. Chain and wallet belong to one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) now: String,
}

impl Changed {
    /// From now on these rules are the network's.
    pub(crate) fn accept(&self) {
        prefs::set_lasting(&pin_of(&self.name), &self.now);
    }
}

/// The rules of the network that the relay serves; the remembered ones when it does not answer, or something else
/// does, such as the sign-in page of a network.
///
/// # Errors
/// What the browser or the relay said, for the user to read.
pub(crate) async fn rules() -> Result<Rules, String> {
    let remembered = prefs::lasting(REMEMBERED).and_then(|text| parse(&text).ok());
    let served =
        environment::fetch_text(RULES, if remembered.is_some() { PATIENCE_MS } else { PATIENCE_AT_FIRST_MS }).await;
    let params = match served.and_then(|text| Ok((parse(&text)?, text))) {
        Ok((params, text)) => {
            prefs::set_lasting(REMEMBERED, &text);
            params
        }
        Err(problem) => remembered.ok_or(problem)?,
    };
    let changed = changed(&params);
    Ok(Rules { params, changed })
}

/// Compares rules with those that this browser has met under the same name; pins them if there were none.
fn changed(params: &ChainParams) -> Option<Changed> {
    let (name, now) = (params.name.clone(), params.network_id().to_string());
    match prefs::lasting(&pin_of(&name)) {
        Some(before) if before != now => Some(Changed { name, before, now }),
        Some(_) => None,
        None => {
            prefs::set_lasting(&pin_of(&name), &now);
            None
        }
    }
}

fn pin_of(name: &str) -> String {
    format!("{PINNED}/{name}")
}

/// Rules that a node can run by.
fn parse(text: &str) -> Result<ChainParams, String> {
    let value = js_sys::JSON::parse(text).map_err(|e| said(&e))?;
    let NetworkView { params } = serde_wasm_bindgen::from_value(value).map_err(|e| e.to_string())?;
    params.check().map_err(|e| e.to_string())?;
    Ok(params)
}
