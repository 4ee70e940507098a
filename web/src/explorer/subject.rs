use crate::route::{Location, Route, Subject};
use crate::signals::any_signal::AnySignal;
use leptos::prelude::*;

/// The block, transaction or address shown in the inspector; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct Inspector {
    route: Route,
    title: AnySignal<Option<String>>,
}

impl Inspector {
    /// Shows the subject of the route.
    pub(crate) fn provide(route: Route) {
        provide_context(Self { route, title: AnySignal::new(None) });
    }

    /// The route with the subject.
    pub(crate) const fn route(self) -> Route {
        self.route
    }

    /// What the page is called while it shows something closely.
    pub(crate) const fn title(self) -> AnySignal<Option<String>> {
        self.title
    }

    /// Shows something in the place of what is shown.
    pub(crate) fn replace(self, subject: Subject) {
        self.route.replace(Location { subject: Some(subject), ..self.route.location_now() });
    }

    pub(crate) fn show(self, subject: Subject) {
        self.route.look_at(Some(subject));
    }
}

pub(crate) fn use_inspector() -> Inspector {
    expect_context()
}
