use leptos::prelude::{GetUntracked, Read, ReadUntracked, Signal};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value computed from signals: recomputed when they change; notifies followers only when the value itself changes.
///
/// It replaces Leptos' memo, whose code would be compiled again for each type and each computation; here it is compiled
/// once, with a type-erased value.
pub(crate) struct Memo<T> {
    value: leptos::prelude::Memo<Erased>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// Computes the value from its previous one.
    pub(crate) fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let compute = move |before: Option<&Erased>| Erased(Arc::new(compute(before.map(Erased::of))));
        let compute: Box<Compute> = Box::new(compute);
        Self { value: leptos::prelude::Memo::new(compute), kind: PhantomData }
    }

    /// Uses the value, and follows it.
    pub(crate) fn with<U>(self, using: impl FnOnce(&T) -> U) -> U {
        using(self.value.read().of())
    }

    /// The value; follows it.
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.value.read().of::<T>().clone()
    }

    /// The current value.
    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.value.read_untracked().of::<T>().clone()
    }

    /// Like [`Self::get_untracked`]; `None` after the memo's owner is gone.
    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        Some(self.value.try_get_untracked()?.of::<T>().clone())
    }
}

impl<T: PartialEq + Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

/// A memo's computation, from the previous value.
type Compute = dyn Fn(Option<&Erased>) -> Erased + Send + Sync;

/// A value of some type that can be compared.
#[derive(Clone)]
struct Erased(Arc<dyn Value>);

impl Erased {
    fn of<T: 'static>(&self) -> &T {
        let value: &dyn Any = &*self.0;
        value.downcast_ref().expect("a memo's values have one type")
    }
}

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

trait Value: Any + Send + Sync {
    fn equals(&self, other: &dyn Value) -> bool;
}

impl<T: PartialEq + Send + Sync + 'static> Value for T {
    fn equals(&self, other: &dyn Value) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref() == Some(self)
    }
}
