//! Where the keyboard's focus goes when what had it goes: a row that was removed, a button whose work is done. Left to
//! itself the browser gives it to the whole document, and the next press of Tab begins at the top.

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

/// What a user can type in.
const FIELDS: &str = "input:not([type=file], :disabled), select:not(:disabled), textarea:not(:disabled)";
/// What has a heading that tells where one is.
const PLACES: &str = "dialog, section, main";
/// Where a button may have taken another's place.
const BUTTONS: &str = ".buttons";

/// Gives the focus to a dialog that has opened: to its first field, or to its heading if there is none. A screen
/// keyboard would cover the dialog: where there is one, the heading gets it.
pub(crate) fn enter(dialog: &Element) {
    let has_keyboard = window().match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches());
    let field = dialog.query_selector(FIELDS).ok().flatten().filter(|_| has_keyboard);
    if let Some(target) = field.or_else(|| heading(dialog)) {
        focus(&target);
    }
}

/// From now on, focus that is lost goes near to where the user was.
pub(crate) fn keep() {
    let way: Rc<RefCell<Vec<Element>>> = Rc::default();
    for event in ["focusin", "pointerdown"] {
        let way = Rc::clone(&way);
        // Lives as long as the page.
        let _ = window_event_listener_untyped(event, move |event| {
            *way.borrow_mut() = upwards(event.target().and_then(|target| target.dyn_into().ok()));
        });
    }
    let changed = Closure::<dyn Fn()>::new(move || {
        if way.borrow().first().is_some_and(is_out_of_reach) {
            let way = Rc::clone(&way);
            // By then a dialog that closes has given the focus back to its button.
            request_animation_frame(move || {
                // Not borrowed while the focus moves: that is an event, which sets the way.
                let last = way.borrow().clone();
                restore(&last);
            });
        }
    });
    let Ok(observer) = MutationObserver::new(changed.as_ref().unchecked_ref()) else { return };
    let what = MutationObserverInit::new();
    what.set_child_list(true);
    what.set_subtree(true);
    what.set_attribute_filter(&js_sys::Array::of1(&"disabled".into()));
    if let Some(body) = document().body() {
        // Fails only for options that say nothing to observe.
        let _ = observer.observe_with_options(&body, &what);
    }
    changed.forget();
}

/// An element and all that it is in.
fn upwards(element: Option<Element>) -> Vec<Element> {
    std::iter::successors(element, |element| element.parent_element()).collect()
}

fn restore(way: &[Element]) {
    let Some(last) = way.first().filter(|last| is_out_of_reach(last)) else { return };
    let is_elsewhere = document()
        .active_element()
        .is_some_and(|active| active.tag_name() != "BODY" && !active.is_same_node(Some(last)));
    if is_elsewhere {
        return;
    }
    if let Some(target) = way.iter().skip(1).filter(|place| is_seen(place)).find_map(successor) {
        focus(&target);
    }
}

/// Whether it is gone or does nothing any more. In a dialog a button only rests while its work goes on.
fn is_out_of_reach(last: &Element) -> bool {
    let rests =
        || last.matches(":disabled").unwrap_or(false) && last.closest("dialog").is_ok_and(|dialog| dialog.is_none());
    !last.is_connected() || rests()
}

/// What can have the focus in this place.
fn successor(place: &Element) -> Option<Element> {
    let matches = |what| place.matches(what).unwrap_or(false);
    if matches(BUTTONS) {
        return place.query_selector("button:not(:disabled)").ok().flatten();
    }
    matches(PLACES).then(|| heading(place).unwrap_or_else(|| place.clone()))
}

fn is_seen(place: &Element) -> bool {
    place.is_connected() && place.get_client_rects().length() > 0
}

fn heading(place: &Element) -> Option<Element> {
    place.query_selector("h2").ok().flatten()
}

fn focus(target: &Element) {
    if target.tag_name() == "H2" {
        // Fails only for attribute names that no element can have.
        let _ = target.set_attribute("tabindex", "-1");
    }
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        // Fails never for an element of the document.
        let _ = target.focus();
    }
}
