use leptos::prelude::{Read, ReadUntracked, RwSignal, Set, Signal, UntrackableGuard, Write};
use std::any::Any;
use std::marker::PhantomData;

/// A value that can be set, and that notifies its followers.
///
/// It replaces Leptos' signal for the same reason as [`Memo`](super::memo::Memo): the machinery is compiled once, with
/// a type-erased value. Texts and switches stay Leptos' own, because form fields bind to them.
pub(crate) struct AnySignal<T> {
    value: RwSignal<Value>,
    kind: PhantomData<fn() -> T>,
}

/// A value of the type that its signal was created with.
type Value = Box<dyn Any + Send + Sync>;

impl<T> Clone for AnySignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for AnySignal<T> {}

impl<T: Send + Sync + 'static> AnySignal<T> {
    /// A signal with its first value.
    pub(crate) fn new(value: T) -> Self {
        Self { value: RwSignal::new(Box::new(value)), kind: PhantomData }
    }

    /// Uses the value, and follows it.
    pub(crate) fn with<U>(self, using: impl FnOnce(&T) -> U) -> U {
        using(of(&self.value.read()))
    }

    /// Uses the current value without following it.
    pub(crate) fn with_untracked<U>(self, using: impl FnOnce(&T) -> U) -> U {
        using(of(&self.value.read_untracked()))
    }

    /// Like [`Self::with_untracked`]; `None` after the signal's owner is gone.
    pub(crate) fn try_with_untracked<U>(self, using: impl FnOnce(&T) -> U) -> Option<U> {
        let value = self.value.try_read_untracked()?;
        Some(using(of(&value)))
    }

    /// The value; follows it.
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The current value.
    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// Sets the value, and notifies followers.
    pub(crate) fn set(self, value: T) {
        self.value.set(Box::new(value));
    }

    /// Like [`Self::set`]; does nothing after the signal's owner is gone.
    pub(crate) fn try_set(self, value: T) {
        self.value.try_set(Box::new(value));
    }

    /// Changes the value, and notifies followers.
    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        change(of_mut(&mut self.value.write()));
    }

    /// Like [`Self::update`]; notifies nobody if the closure returns false.
    pub(crate) fn maybe_update(self, change: impl FnOnce(&mut T) -> bool) {
        let mut value = self.value.write();
        if !change(of_mut(&mut value)) {
            value.untrack();
        }
    }

    /// Changes the value; does nothing after the signal's owner is gone.
    pub(crate) fn try_update(self, change: impl FnOnce(&mut T)) {
        if let Some(mut value) = self.value.try_write() {
            change(of_mut(&mut value));
        }
    }
}

impl<T: Clone + Send + Sync + 'static> From<AnySignal<T>> for Signal<T> {
    fn from(signal: AnySignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

/// Why a value has the requested type.
const ONE_TYPE: &str = "a signal's values have the type that it was created with";

fn of<T: 'static>(value: &Value) -> &T {
    value.downcast_ref().expect(ONE_TYPE)
}

fn of_mut<T: 'static>(value: &mut Value) -> &mut T {
    value.downcast_mut().expect(ONE_TYPE)
}
