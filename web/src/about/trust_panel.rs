use crate::i18n::use_i18n;
use crate::{environment, ids};
use leptos::prelude::*;

/// Whom one trusts with this page, and what to compare.
#[component]
pub(crate) fn TrustPanel() -> impl IntoView {
    let i18n = use_i18n();
    let build = environment::of_build("build").unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="trust-title">
            <h2 id="trust-title">{i18n.text(|texts| texts.safety.trust_title)}</h2>
            <p>{i18n.text(|texts| texts.safety.trust)}</p>
            <dl class="facts">
                <dt>{i18n.text(|texts| texts.about.version)}</dt>
                <dd>{env!("CARGO_PKG_VERSION")}</dd>
                <dt>{i18n.text(|texts| texts.safety.trust_build)}</dt>
                <dd><code class="break" data-testid=ids::BUILD>{build}</code></dd>
            </dl>
            <p class="muted small">{i18n.text(|texts| texts.safety.trust_compare)}</p>
            <p>
                <a href="api/v1/docs" rel="external">{i18n.text(|texts| texts.about.api)}</a> " · "
                <a href="api/v1/network" rel="external">{i18n.text(|texts| texts.about.rules_file)}</a>
            </p>
        </section>
    }
}
