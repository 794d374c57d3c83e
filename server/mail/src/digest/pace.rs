//! How fast letters go out: never faster than the person who runs this Broadsheet allows, and not at all for a while
//! where a mail server has asked for patience.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, FakeRelativeClock},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, keyed::DashMapStateStore},
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The first rest after a mail server could not be reached; it doubles.
const FIRST_REST: SignedDuration = SignedDuration::from_secs(15);
/// The longest.
const LONGEST_REST: SignedDuration = SignedDuration::from_mins(10);
/// How long letters to a domain wait that has asked for patience (421).
const PATIENCE: SignedDuration = SignedDuration::from_mins(1);

/// Letters a minute at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// In all; `None`: as fast as the mail server takes them.
    pub overall: Option<NonZeroU32>,
    /// To one domain; likewise.
    pub per_domain: Option<NonZeroU32>,
}

type Plain = NoOpMiddleware<Nanos>;
type Overall = RateLimiter<NotKeyed, InMemoryState, FakeRelativeClock, Plain>;
type PerDomain = RateLimiter<String, DashMapStateStore<String>, FakeRelativeClock, Plain>;

/// Who waits until when. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Pace {
    overall: Option<Arc<Overall>>,
    per_domain: Option<Arc<PerDomain>>,
    clock: FakeRelativeClock,
    waits: Arc<Mutex<Waits>>,
    /// One letter is written at a time: the other core is the readers'.
    desk: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Waits {
    /// The latest moment the limiters have been told.
    now: Option<Timestamp>,
    /// Nothing goes out before this.
    all: Option<Timestamp>,
    /// Nothing to these domains before this.
    domains: HashMap<String, Timestamp>,
    /// Times in a row that the mail server was not there.
    failures: u32,
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pace").field(&self.waits).finish()
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(Rates::default())
    }
}

/// So many a minute, a second's worth at once.
fn quota(per_minute: NonZeroU32) -> Quota {
    Quota::per_minute(per_minute)
        .allow_burst(NonZeroU32::new(per_minute.get() / 60).unwrap_or(NonZeroU32::MIN))
}

impl Pace {
    /// With these limits.
    pub fn new(rates: Rates) -> Self {
        // Time comes in with each question, so that a test needs no sleep: the limiters' clock is moved by hand.
        let clock = FakeRelativeClock::default();
        Self {
            overall: rates
                .overall
                .map(|rate| Arc::new(RateLimiter::direct_with_clock(quota(rate), clock.clone()))),
            per_domain: rates
                .per_domain
                .map(|rate| Arc::new(RateLimiter::dashmap_with_clock(quota(rate), clock.clone()))),
            clock,
            waits: Arc::default(),
            desk: Arc::new(Semaphore::new(1)),
        }
    }

    /// Whether somebody has set a limit.
    pub fn is_limited(&self) -> bool {
        self.overall.is_some() || self.per_domain.is_some()
    }

    /// The place at which one letter is written; left when the permit is dropped.
    pub(super) async fn desk(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.desk.acquire().await.ok()
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        // What a panicking thread leaves here is whole.
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The domains that wait at `now`; `None` when everything does.
    pub(super) fn held(&self, now: Timestamp) -> Option<Vec<String>> {
        let mut waits = self.waits();
        if waits.all.is_some_and(|until| until > now) {
            return None;
        }
        waits.domains.retain(|_, until| *until > now);
        Some(waits.domains.keys().cloned().collect())
    }

    /// Whether a letter to this domain may go now. If not, what is in its way waits from here on.
    pub(super) fn admits(&self, domain: &str, now: Timestamp) -> bool {
        let mut waits = self.waits();
        let passed = waits
            .now
            .map_or(SignedDuration::ZERO, |before| now.duration_since(before));
        if let Ok(passed) = Duration::try_from(passed) {
            self.clock.advance(passed);
        }
        waits.now = waits.now.max(Some(now));
        // Another sender found out in the meantime.
        if waits.all.is_some_and(|until| until > now)
            || waits.domains.get(domain).is_some_and(|until| *until > now)
        {
            return false;
        }
        let later = |wait: Duration| {
            // Never a moment that is already there, lest it be asked at once again.
            let wait = SignedDuration::try_from(wait)
                .unwrap_or(PATIENCE)
                .max(SignedDuration::from_millis(1));
            now.saturating_add(wait).unwrap_or(now)
        };
        if let Some(limit) = &self.overall
            && let Err(not_yet) = limit.check()
        {
            waits.all = Some(later(not_yet.wait_time_from(self.clock.now())));
            return false;
        }
        if let Some(limit) = &self.per_domain
            && let Err(not_yet) = limit.check_key(&domain.to_owned())
        {
            waits
                .domains
                .insert(domain.to_owned(), later(not_yet.wait_time_from(self.clock.now())));
            // Anybody can add domains; those long quiet are forgotten.
            limit.retain_recent();
            return false;
        }
        true
    }

    /// The server has asked for patience with this domain.
    pub(super) fn hold(&self, domain: &str, now: Timestamp) {
        let until = now.saturating_add(PATIENCE).unwrap_or(now);
        self.waits().domains.insert(domain.to_owned(), until);
    }

    /// The mail server could not be reached: nothing goes out for a while, which grows. A letter's own tries are not used
    /// up by waiting.
    pub(super) fn rest(&self, now: Timestamp) {
        let mut waits = self.waits();
        // Of those that were under way together, one speaks for all.
        if waits.all.is_some_and(|until| until > now) {
            return;
        }
        let rest = FIRST_REST
            .checked_mul(1 << waits.failures.min(10))
            .unwrap_or(LONGEST_REST)
            .min(LONGEST_REST);
        waits.failures = waits.failures.saturating_add(1);
        waits.all = waits.all.max(now.saturating_add(rest).ok());
    }

    /// The mail server answers.
    pub(super) fn answered(&self) {
        self.waits().failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn per_minute(overall: u32, per_domain: u32) -> Pace {
        Pace::new(Rates {
            overall: NonZeroU32::new(overall),
            per_domain: NonZeroU32::new(per_domain),
        })
    }

    #[test]
    fn a_domain_gets_no_more_than_its_rate_and_the_others_go_on() {
        let (pace, begin) = (per_minute(0, 6), at("2026-11-24T08:00:00Z"));
        let mut admitted = 0;
        for second in 0..120 {
            let now = begin + SignedDuration::from_secs(second);
            if !pace
                .held(now)
                .expect("not all")
                .contains(&"busy.example".to_owned())
            {
                admitted += u32::from(pace.admits("busy.example", now));
            }
        }
        assert_eq!(admitted, 12);
        assert!(pace.admits("other.example", begin + SignedDuration::from_secs(120)));
    }

    #[test]
    fn all_together_get_no_more_than_the_overall_rate() {
        let (pace, begin) = (per_minute(60, 0), at("2026-11-24T08:00:00Z"));
        let admitted = (0..600)
            .filter(|tenth| {
                let now = begin + SignedDuration::from_millis(tenth * 100);
                pace.held(now).is_some() && pace.admits(&format!("d{tenth}.example"), now)
            })
            .count();
        assert_eq!(admitted, 60);
    }

    #[test]
    fn without_limits_nothing_waits_but_where_a_server_asks_for_it() {
        let (pace, now) = (Pace::default(), at("2026-11-24T08:00:00Z"));
        assert!((0..10_000).all(|_| pace.admits("a.example", now)));
        pace.hold("a.example", now);
        assert_eq!(pace.held(now), Some(vec!["a.example".to_owned()]));
        assert!(!pace.admits("a.example", now) && pace.admits("b.example", now));
        assert_eq!(pace.held(now + PATIENCE), Some(vec![]));
    }

    #[test]
    fn rests_double_up_to_ten_minutes_and_end_with_an_answer() {
        let (pace, mut now) = (Pace::default(), at("2026-11-24T08:00:00Z"));
        let mut rests = Vec::new();
        for _ in 0..8 {
            pace.rest(now);
            let begin = now;
            while pace.held(now).is_none() {
                now += SignedDuration::from_secs(1);
            }
            rests.push(now.duration_since(begin).as_secs());
        }
        assert_eq!(rests, [15, 30, 60, 120, 240, 480, 600, 600]);
        pace.answered();
        pace.rest(now);
        assert!(pace.held(now + FIRST_REST).is_some());
    }
}
