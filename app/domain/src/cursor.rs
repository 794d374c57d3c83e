//! The place where a page of a listing ended, as an opaque text in the URL of the next page.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::text::fingerprint;

/// The place in a listing after which the next page begins. With it, later pages neither repeat nor skip a paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// Fingerprint of its listing. With another filter or order, a cursor is refused and the first page is shown.
    pub listing: u64,
    /// Number of the rank run whose order is used; 0 if the order is not heat.
    pub epoch: i64,
    /// Sort key of the last paper shown: heat, upvotes, stars or bm25. It is compared exactly.
    pub key: f64,
    /// When the last paper shown was announced, in Unix seconds.
    pub announced: i64,
    /// Row id of the last paper shown.
    pub id: i64,
    /// How many papers were shown so far.
    pub seen: u32,
    /// The state of the library when the first page was made.
    pub begun: ListStart,
}

/// The moment at which a reader began to read a listing. Later pages show the library of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListStart {
    /// The moment, in Unix seconds.
    pub at: i64,
    /// Row id of the newest paper then.
    pub newest: i64,
    /// Row id of the last move of a paper in a listing then.
    pub moves: i64,
}

/// The text was cut or altered, or another version made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address of this page is damaged or too old")]
pub struct InvalidCursor;

/// The version of the format.
const VERSION: &str = "2";
/// Highest position that is accepted, far above the number of papers. It leaves room for counting on in a `u32`.
const MOST_SEEN: u32 = 1_000_000_000;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bits of the key, because a decimal text might not read back to the same number.
        let body = format!(
            "{VERSION}.{:x}.{:x}.{:x}.{}.{:x}.{:x}.{:x}.{:x}.{:x}",
            self.listing,
            self.epoch,
            self.key.to_bits(),
            self.announced,
            self.id,
            self.seen,
            self.begun.at,
            self.begun.newest,
            self.begun.moves
        );
        // The checksum finds addresses that were cut or mistyped. It need not be a secret: a forged cursor only begins
        // somewhere else.
        let check = fingerprint(&body) as u32;
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(format!("{body}.{check:x}")))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > 256 {
            return Err(InvalidCursor);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| InvalidCursor)?;
        let (body, check) = text.rsplit_once('.').ok_or(InvalidCursor)?;
        if u32::from_str_radix(check, 16).map_err(|_| InvalidCursor)? != fingerprint(body) as u32 {
            return Err(InvalidCursor);
        }
        let mut parts = body.split('.');
        if parts.next() != Some(VERSION) {
            return Err(InvalidCursor);
        }
        let mut next = || parts.next().ok_or(InvalidCursor);
        let listing = u64::from_str_radix(next()?, 16).map_err(|_| InvalidCursor)?;
        let epoch = i64::from_str_radix(next()?, 16).map_err(|_| InvalidCursor)?;
        let key = f64::from_bits(u64::from_str_radix(next()?, 16).map_err(|_| InvalidCursor)?);
        let announced = next()?.parse().map_err(|_| InvalidCursor)?;
        let id = i64::from_str_radix(next()?, 16).map_err(|_| InvalidCursor)?;
        let seen = u32::from_str_radix(next()?, 16).map_err(|_| InvalidCursor)?;
        let [at, newest, moves] = [next()?, next()?, next()?].map(|text| i64::from_str_radix(text, 16));
        let begun = ListStart {
            at: at.map_err(|_| InvalidCursor)?,
            newest: newest.map_err(|_| InvalidCursor)?,
            moves: moves.map_err(|_| InvalidCursor)?,
        };
        if !key.is_finite() || seen > MOST_SEEN || parts.next().is_some() {
            return Err(InvalidCursor);
        }
        Ok(Self {
            listing,
            epoch,
            key,
            announced,
            id,
            seen,
            begun,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_exactly(listing: u64, epoch in 0i64.., key in -1e9f64..1e9, announced: i64, id in 0i64.., seen in 0..=MOST_SEEN, at in 0i64.., newest in 0i64.., moves in 0i64..) {
            let cursor = Cursor { listing, epoch, key, announced, id, seen, begun: ListStart { at, newest, moves } };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn a_damaged_cursor_is_refused(cut in 0usize..60, text in any::<String>()) {
            let whole = Cursor { listing: 7, epoch: 3, key: 5.783, announced: 1_760_000_000, id: 42, seen: 25, begun: ListStart::default() }.to_string();
            let cut = cut.min(whole.len() - 1);
            prop_assert!(whole[..cut].parse::<Cursor>().is_err());
            prop_assert!(text.parse::<Cursor>().is_err());
        }
    }
}
