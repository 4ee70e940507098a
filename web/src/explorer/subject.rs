use crate::route::{Route, Subject};
use leptos::prelude::*;

/// The block, transaction or address shown in the inspector; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Inspector(Route);

impl Inspector {
    /// Shows the subject of the route.
    pub(crate) fn provide(route: Route) {
        provide_context(Self(route));
    }

    /// The route with the subject.
    pub(crate) const fn route(self) -> Route {
        self.0
    }

    pub(crate) fn show(self, subject: Subject) {
        self.0.look_at(Some(subject));
    }
}

pub(crate) fn use_inspector() -> Inspector {
    expect_context()
}
