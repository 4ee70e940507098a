use crate::route::{Route, Subject};
use leptos::prelude::*;

/// What the user looks at closely; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Inspector(Route);

impl Inspector {
    /// Shows what the route names.
    pub(crate) fn provide(route: Route) {
        provide_context(Self(route));
    }

    /// The route that names it.
    pub(crate) const fn route(self) -> Route {
        self.0
    }

    /// Shows it.
    pub(crate) fn show(self, subject: Subject) {
        self.0.look_at(Some(subject));
    }
}

/// The page's inspector.
pub(crate) fn use_inspector() -> Inspector {
    expect_context()
}
