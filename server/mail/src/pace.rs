//! How fast emails are sent. There are limits per minute, set by the operator, and pauses after a mail server asked
//! to slow down or could not be reached.

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

/// The first pause after the mail server could not be reached. It doubles with each further failure.
const FIRST_REST: SignedDuration = SignedDuration::from_secs(15);
/// The longest such pause.
const LONGEST_REST: SignedDuration = SignedDuration::from_mins(10);
/// How long emails to a domain wait after the server asked to slow down (421).
const SLOW_DOWN: SignedDuration = SignedDuration::from_mins(1);

/// Emails per minute, at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// In total. `None` means no limit.
    pub overall: Option<NonZeroU32>,
    /// To one domain. `None` means no limit.
    pub per_domain: Option<NonZeroU32>,
}

type Plain = NoOpMiddleware<Nanos>;
type Overall = RateLimiter<NotKeyed, InMemoryState, FakeRelativeClock, Plain>;
type PerDomain = RateLimiter<String, DashMapStateStore<String>, FakeRelativeClock, Plain>;

/// The limits and pauses. Cheap to clone; all clones share them.
#[derive(Clone)]
pub struct Pace {
    overall: Option<Arc<Overall>>,
    per_domain: Option<Arc<PerDomain>>,
    clock: FakeRelativeClock,
    waits: Arc<Mutex<Waits>>,
    /// One email is written at a time, so that a second core is left for pages.
    writing: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Waits {
    /// The latest moment to which the clock of the limiters was set.
    now: Option<Timestamp>,
    /// No email is sent before this moment.
    all: Option<Timestamp>,
    /// No email is sent to these domains before this moment.
    domains: HashMap<String, Timestamp>,
    /// How often in a row the mail server could not be reached.
    failures: u32,
    /// Whether a turn under the overall limit was granted and then not used, because the domain had to wait. The next
    /// email of any domain uses it.
    has_turn: bool,
}

/// Whether a wait until this moment is still on. No wait is longer than [`LONGEST_REST`]; a later end is from a clock
/// that was ahead.
fn is_on(until: Timestamp, now: Timestamp) -> bool {
    until > now && until.duration_since(now) <= LONGEST_REST
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

/// A quota per minute. As many as one second allows may be sent at once.
fn quota(per_minute: NonZeroU32) -> Quota {
    Quota::per_minute(per_minute)
        .allow_burst(NonZeroU32::new(per_minute.get() / 60).unwrap_or(NonZeroU32::MIN))
}

impl Pace {
    /// A pace with these limits.
    pub fn new(rates: Rates) -> Self {
        // Every call passes the time, so that tests need not sleep. The clock of the limiters is set to it.
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
            writing: Arc::new(Semaphore::new(1)),
        }
    }

    /// Whether there is a limit per minute.
    pub fn is_limited(&self) -> bool {
        self.overall.is_some() || self.per_domain.is_some()
    }

    /// Waits until no other email is being written. The turn ends when the permit is dropped.
    pub(crate) async fn turn_to_write(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.writing.acquire().await.ok()
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        // No method can panic half-way through a change, so the data behind a poisoned lock is valid.
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The domains that must wait at `now`; `None` if all emails must.
    pub(crate) fn held(&self, now: Timestamp) -> Option<Vec<String>> {
        let mut waits = self.waits();
        if waits.all.is_some_and(|until| is_on(until, now)) {
            return None;
        }
        waits.domains.retain(|_, until| is_on(*until, now));
        Some(waits.domains.keys().cloned().collect())
    }

    /// Whether an email to this domain may be sent now. If not, the limit that forbids it holds back further emails.
    pub(crate) fn admits(&self, domain: &str, now: Timestamp) -> bool {
        let mut waits = self.waits();
        let passed = waits
            .now
            .map_or(SignedDuration::ZERO, |before| now.duration_since(before));
        if let Ok(passed) = Duration::try_from(passed) {
            self.clock.advance(passed);
        }
        let was_set_back = waits
            .now
            .is_some_and(|before| before.duration_since(now) > LONGEST_REST);
        waits.now = if was_set_back {
            Some(now)
        } else {
            waits.now.max(Some(now))
        };
        // Another sender may have reached a limit since the caller looked.
        if waits.all.is_some_and(|until| is_on(until, now))
            || waits.domains.get(domain).is_some_and(|until| is_on(*until, now))
        {
            return false;
        }
        let later = |wait: Duration| {
            // At least a millisecond later, so that the caller does not ask again at once.
            let wait = SignedDuration::try_from(wait)
                .unwrap_or(SLOW_DOWN)
                .max(SignedDuration::from_millis(1));
            now.saturating_add(wait).unwrap_or(now)
        };
        if let Some(limit) = &self.overall
            && !waits.has_turn
        {
            if let Err(not_yet) = limit.check() {
                waits.all = Some(later(not_yet.wait_time_from(self.clock.now())));
                return false;
            }
            waits.has_turn = true;
        }
        if let Some(limit) = &self.per_domain
            && let Err(not_yet) = limit.check_key(&domain.to_owned())
        {
            waits
                .domains
                .insert(domain.to_owned(), later(not_yet.wait_time_from(self.clock.now())));
            // Anyone can subscribe with any domain, so domains that were not used recently are forgotten.
            limit.retain_recent();
            return false;
        }
        waits.has_turn = false;
        true
    }

    /// The server asked to slow down with this domain.
    pub(crate) fn hold(&self, domain: &str, now: Timestamp) {
        let until = now.saturating_add(SLOW_DOWN).unwrap_or(now);
        self.waits().domains.insert(domain.to_owned(), until);
    }

    /// The mail server could not be reached. All emails wait, longer each time; waiting does not count as a try.
    pub(crate) fn rest(&self, now: Timestamp) {
        let mut waits = self.waits();
        // Several emails were tried at the same time; their failures count once.
        if waits.all.is_some_and(|until| is_on(until, now)) {
            return;
        }
        let rest = FIRST_REST
            .checked_mul(1 << waits.failures.min(10))
            .unwrap_or(LONGEST_REST)
            .min(LONGEST_REST);
        waits.failures = waits.failures.saturating_add(1);
        waits.all = now.saturating_add(rest).ok();
    }

    /// The mail server answered.
    pub(crate) fn answered(&self) {
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
    fn a_domain_gets_no_more_than_its_rate_and_others_are_not_held_back() {
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
    fn all_domains_together_get_no_more_than_the_overall_rate() {
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
    fn a_domain_that_must_wait_uses_up_no_turn_of_the_others() {
        let (pace, begin) = (per_minute(60, 6), at("2026-11-24T08:00:00Z"));
        let (mut busy, mut others) = (0, 0);
        // Every tenth of a second, 16 emails to one domain and then one to another domain are tried.
        for tenth in 0..600 {
            let now = begin + SignedDuration::from_millis(tenth * 100);
            busy += (0..16).filter(|_| pace.admits("busy.example", now)).count();
            others += usize::from(pace.admits(&format!("d{tenth}.example"), now));
        }
        assert_eq!((busy, others), (6, 54));
    }

    #[test]
    fn one_domain_gets_the_full_overall_rate_if_its_own_is_a_little_higher() {
        let (pace, begin) = (per_minute(30, 31), at("2026-11-24T08:00:00Z"));
        let admitted = (0..6_000)
            .filter(|hundredth| {
                let now = begin + SignedDuration::from_millis(hundredth * 10);
                pace.admits("only.example", now)
            })
            .count();
        assert!((29..=30).contains(&admitted), "{admitted}");
    }

    #[test]
    fn a_clock_that_was_ahead_holds_nothing_back_once_it_is_right() {
        let (ahead, now) = (at("2031-01-01T08:00:00Z"), at("2026-11-24T08:00:00Z"));
        let pace = per_minute(60, 60);
        assert!(pace.admits("a.example", ahead) && !pace.admits("a.example", ahead));
        pace.rest(ahead);
        let second = |n| now + SignedDuration::from_secs(n);
        assert_eq!(pace.held(now), Some(vec![]));
        let admitted = (0..60).filter(|n| pace.admits("a.example", second(*n))).count();
        assert!(admitted >= 58, "{admitted}");
    }

    #[test]
    fn without_limits_only_domains_whose_server_asks_to_slow_down_wait() {
        let (pace, now) = (Pace::default(), at("2026-11-24T08:00:00Z"));
        assert!((0..10_000).all(|_| pace.admits("a.example", now)));
        pace.hold("a.example", now);
        assert_eq!(pace.held(now), Some(vec!["a.example".to_owned()]));
        assert!(!pace.admits("a.example", now) && pace.admits("b.example", now));
        assert_eq!(pace.held(now + SLOW_DOWN), Some(vec![]));
    }

    #[test]
    fn pauses_double_up_to_ten_minutes_and_begin_anew_after_an_answer() {
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
