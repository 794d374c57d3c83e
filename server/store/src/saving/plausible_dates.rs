//! Which dates of a paper are plausible. A date in the future would list its paper above all others for years.

use std::borrow::Cow;

use domain::{ArxivId, Paper, calendar, paper::Published};
use jiff::{Timestamp, ToSpan, civil::Date};

use super::row::Row;

/// The latest plausible publication, in days after the beginning of the month in the identifier. arXiv
/// publishes a paper a few days after it assigns the identifier, or some weeks later if a moderator reviews it.
const PUBLISHED_WITHIN: i64 = 92;

/// Whether the clock of this machine was compared with the dates of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockState {
    /// It was not, so it may be years late.
    Unchecked,
    /// It was, and it is right or a few days late.
    Right,
}

/// The record without implausible dates. They count as missing.
pub(super) fn believable(record: &Paper, now: Timestamp) -> Cow<'_, Paper> {
    let is_wrong = |date: Option<Published>| date.is_some_and(|date| !date.is_believable(now));
    let submitted = record.hf_submitted_at.map(Published::At);
    let is_announcement_wrong = record.announced_on.is_some_and(|day| !is_announced(day, now));
    let is_any_wrong = [record.published, record.updated, submitted]
        .into_iter()
        .any(is_wrong);
    if !is_any_wrong && !is_announcement_wrong {
        return Cow::Borrowed(record);
    }
    let mut record = record.clone();
    record.published = record.published.filter(|date| date.is_believable(now));
    record.updated = record.updated.filter(|date| date.is_believable(now));
    if is_wrong(submitted) {
        record.hf_submitted_at = None;
    }
    if is_announcement_wrong {
        record.announced_on = None;
        record.announced_firm = false;
    }
    Cow::Owned(record)
}

/// Whether the papers of a listing may be announced now. arXiv sends a listing to its feeds some hours before the
/// announcement, so a day ahead is plausible.
fn is_announced(listing: Date, now: Timestamp) -> bool {
    let latest = now.as_second().saturating_add(86_400);
    !Published::Day(listing).is_placeholder() && calendar::announced_at(listing).as_second() <= latest
}

impl Row {
    /// Drops stored dates that are in the future or stand for a missing date, as earlier versions of Broadsheet saved
    /// them. A publication date is kept if it agrees with the identifier: then the clock may be wrong instead of the
    /// date.
    pub(super) fn drop_impossible_dates(&mut self, now: Timestamp, clock: ClockState) {
        let mut month = self.month_of_identifier();
        if clock == ClockState::Right && month.is_some_and(|month| is_far_ahead(month, now)) {
            // Then the identifier is wrong too, and the paper must not stay listed under its month.
            month = None;
            self.announced = 0;
        }
        let latest = month.map(|month| month.day().saturating_add(PUBLISHED_WITHIN.days()));
        let is_too_late = |day: Date| latest.is_none_or(|latest| day > latest);
        let is_impossible =
            |date: Published| date.is_placeholder() || (!date.is_believable(now) && is_too_late(date.day()));
        let stored = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Published>().ok());
        if stored(&self.published).is_some_and(is_impossible) {
            self.published = None;
        }
        if stored(&self.updated).is_some_and(|date| !date.is_believable(now)) {
            self.updated = None;
        }
        let announced_on = self
            .announced_on
            .as_deref()
            .and_then(|day| day.parse::<Date>().ok());
        if announced_on.is_some_and(|day| !is_announced(day, now) && is_too_late(day)) {
            self.announced_on = None;
            self.announced_firm = 0;
        }
        let submitted = self
            .hf_submitted_at
            .and_then(|at| Timestamp::from_second(at).ok());
        if submitted.is_some_and(|at| !Published::At(at).is_believable(now)) {
            self.hf_submitted_at = None;
        }
        self.announced = self.announced_at(now);
    }

    /// The month in the arXiv identifier.
    pub(super) fn month_of_identifier(&self) -> Option<Published> {
        let id = self.arxiv_id.as_deref()?.parse::<ArxivId>().ok()?;
        Published::of_arxiv_id(&id)
    }
}

/// Whether a month begins so late that a clock a few days late does not explain it.
fn is_far_ahead(month: Published, now: Timestamp) -> bool {
    let latest = now.as_second().saturating_add(PUBLISHED_WITHIN * 86_400);
    month.sort_key().is_none_or(|begins| begins > latest)
}
