//! Names for the addresses of others. They are kept in the browser, for each network apart.

use crate::i18n::short;
use crate::prefs;
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_keyring::KeyName;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;
use node_wasm::messages::KeyState;

/// Most names kept.
pub(crate) const MAX_CONTACTS: usize = 200;
/// Where they are remembered; the network's id follows.
const REMEMBERED: &str = "fedcoin-contacts-";

/// Somebody's address and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// The address.
    pub(crate) address: Address,
    /// What the user calls it; not empty.
    pub(crate) name: KeyName,
}

/// The address book; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct Contacts {
    all: AnySignal<Vec<Contact>>,
    keys: Memo<Vec<KeyState>>,
    session: Session,
}

/// The address book holds [`MAX_CONTACTS`] names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Contacts {
    /// Reads the names of this network, once it is known.
    pub(crate) fn provide(session: Session) -> Self {
        let contacts = Self { all: AnySignal::new(Vec::new()), keys: session.keys(), session };
        Effect::new(move |_| {
            let remembered = contacts.place(session.params().is_some()).and_then(|place| prefs::lasting(&place));
            contacts.all.set(read(&remembered.unwrap_or_default()));
        });
        provide_context(contacts);
        contacts
    }

    /// All of them, by name.
    pub(crate) fn all(self) -> Vec<Contact> {
        self.all.get()
    }

    /// Who has this name, in any case of letters.
    pub(crate) fn named(self, name: &str) -> Option<Address> {
        let name = name.trim().to_lowercase();
        let has_it = |contact: &&Contact| contact.name.as_str().to_lowercase() == name;
        self.all.with(|all| all.iter().find(has_it).map(|contact| contact.address))
    }

    /// The name of an address, if it has one: of one's own key, else of the address book.
    pub(crate) fn name(self, address: &Address) -> Option<String> {
        let own = |key: &KeyState| key.address == *address && !key.name.as_str().is_empty();
        let own = self.keys.with(|keys| keys.iter().find(|key| own(key)).map(|key| key.name.to_string()));
        let other = |all: &Vec<Contact>| {
            all.iter().find(|contact| contact.address == *address).map(|contact| contact.name.to_string())
        };
        own.or_else(|| self.all.with(other))
    }

    /// An address as people read it: its name, or its beginning and end.
    pub(crate) fn words(self, address: &Address) -> String {
        self.name(address).unwrap_or_else(|| short(&address.to_string()))
    }

    /// Gives an address a name, another one, or none any more.
    ///
    /// # Errors
    /// [`Full`].
    pub(crate) fn set(self, address: Address, name: Option<KeyName>) -> Result<(), Full> {
        let Some(place) = self.place(true) else { return Ok(()) };
        // Another tab may have written meanwhile.
        let mut all = read(&prefs::lasting(&place).unwrap_or_default());
        all.retain(|contact| contact.address != address);
        all.extend(name.map(|name| Contact { address, name }));
        if all.len() > MAX_CONTACTS {
            return Err(Full);
        }
        sort(&mut all);
        prefs::set_lasting(&place, &written(&all));
        self.all.set(all);
        Ok(())
    }

    fn place(self, known: bool) -> Option<String> {
        let params = self.session.params_now().filter(|_| known)?;
        Some(format!("{REMEMBERED}{}", params.network_id()))
    }
}

fn sort(all: &mut [Contact]) {
    all.sort_by_key(|contact| (contact.name.as_str().to_lowercase(), contact.address));
}

/// One line each: the address, a space, the name.
fn written(all: &[Contact]) -> String {
    all.iter().map(|Contact { address, name }| format!("{address} {name}\n")).collect()
}

/// Lines that are none are left out.
fn read(text: &str) -> Vec<Contact> {
    let line = |line: &str| {
        let (address, name) = line.split_once(' ')?;
        let name: KeyName = name.parse().ok().filter(|name: &KeyName| !name.as_str().is_empty())?;
        Some(Contact { address: address.parse().ok()?, name })
    };
    let mut all: Vec<Contact> = text.lines().filter_map(line).take(MAX_CONTACTS).collect();
    sort(&mut all);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn names_are_read_as_written() {
        let contact = |n, name: &str| Contact { address: Address([n; 20]), name: name.parse().unwrap() };
        let all = vec![contact(2, "Ann"), contact(3, "bob"), contact(1, "Zoë of the 7a")];
        assert_eq!(read(&written(&all)), all);
        let shuffled = vec![all[2].clone(), all[0].clone(), all[1].clone()];
        assert_eq!(read(&written(&shuffled)), all, "by name");
        let damaged = format!("nonsense\nfed1x Ann\n{} \n{}", Address([4; 20]), written(&all));
        assert_eq!(read(&damaged), all);
        let many: String = (0..=MAX_CONTACTS).map(|n| format!("{} {n}\n", Address([n as u8; 20]))).collect();
        assert_eq!(read(&many).len(), MAX_CONTACTS);
    }
}
