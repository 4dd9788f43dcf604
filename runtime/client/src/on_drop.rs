//! What makes a future sound to drop: a guard that cleans up unless told otherwise.
//!
//! Not here: what there is to clean up.

/// Runs something when a future is dropped before it was done.
pub(crate) struct OnDrop<F: FnMut()>(Option<F>);

impl<F: FnMut()> OnDrop<F> {
    /// Until [`disarm`](Self::disarm).
    pub(crate) const fn new(f: F) -> Self {
        Self(Some(f))
    }

    /// It was done.
    pub(crate) fn disarm(mut self) {
        self.0 = None;
    }
}

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(f) = &mut self.0 {
            f();
        }
    }
}
