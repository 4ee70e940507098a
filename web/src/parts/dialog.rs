use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::focus;
use leptos::html;
use leptos::prelude::*;

/// A modal dialog. Its contents exist only while it is open.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] open: Signal<bool>,
    /// Called when the user closes the dialog.
    #[prop(into)]
    on_close: Callback<()>,
    #[prop(into)] title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only for a dialog outside the document.
            let _ = dialog.show_modal();
            // With the next frame its contents are there.
            request_animation_frame(move || focus::enter(&dialog));
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=node
            aria-label=move || title.get()
            on:close=move |_| {
                if open.get_untracked() {
                    on_close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                <div class="dialog-body">
                    <div class="dialog-head">
                        <h2>{move || title.get()}</h2>
                        <button
                            type="button"
                            class="small"
                            data-testid=ids::DIALOG_CLOSE
                            on:click=move |_| on_close.run(())
                        >
                            {i18n.text(|texts| texts.common.close)}
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}

/// A button that opens a modal dialog.
#[component]
pub(crate) fn DialogButton(
    open: RwSignal<bool>,
    /// The button's `data-testid`.
    testid: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] title: Signal<&'static str>,
    /// The button's classes.
    #[prop(optional)]
    class: Option<&'static str>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <button type="button" class=class data-testid=testid disabled=disabled on:click=move |_| open.set(true)>
            {move || label.get()}
        </button>
        <Dialog
            open
            on_close=move |()| open.set(false)
            title=Signal::derive(move || title.get().to_owned())
            children
        />
    }
}
