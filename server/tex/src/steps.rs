//! Counts the steps of reading, so that a test finds work that grows faster than the text.

/// Adds steps of work to the count. Does nothing outside this package's tests.
#[inline]
pub(crate) fn count(steps: usize) {
    #[cfg(test)]
    counted::add(steps);
    #[cfg(not(test))]
    let _ = steps;
}

#[cfg(test)]
pub(crate) mod counted {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
        static LIMIT: Cell<usize> = const { Cell::new(usize::MAX) };
    }

    /// The steps that `work` takes.
    ///
    /// # Panics
    /// If they are more than `limit`. An endless loop fails a test this way instead of hanging.
    pub(crate) fn during(limit: usize, work: impl FnOnce()) -> usize {
        STEPS.set(0);
        LIMIT.set(limit);
        work();
        LIMIT.set(usize::MAX);
        STEPS.get()
    }

    pub(super) fn add(steps: usize) {
        let sum = STEPS.get().saturating_add(steps);
        STEPS.set(sum);
        assert!(sum <= LIMIT.get(), "more than {} steps", LIMIT.get());
    }
}
