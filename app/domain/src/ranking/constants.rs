//! The constants of the heat formula. `/about/ranking` shows them.

/// Weight of upvotes gained on Hugging Face.
pub const HF_WEIGHT: f64 = 1.0;
/// Weight of stars gained on GitHub.
pub const GH_WEIGHT: f64 = 1.0;
/// Weight of bookmarks on this site by confirmed readers. It is the greatest, because they are few but real.
pub const LOCAL_WEIGHT: f64 = 1.5;
/// Most that upvotes can contribute.
pub const HF_CAP: f64 = 4.0;
/// Most that stars can contribute. It is low because stars can be bought.
pub const GH_CAP: f64 = 2.5;
/// Most that bookmarks on this site can contribute, before their weight is applied.
pub const LOCAL_CAP: f64 = 2.0;
/// Most that recency can contribute.
pub const FRESH_WEIGHT: f64 = 0.3;
/// Half-life of recency, in hours.
pub const FRESH_HALF_LIFE_HOURS: f64 = 36.0;
/// Lowest median of upvotes gained; also its value while too few papers have any.
pub const HF_MEDIAN_FLOOR: f64 = 3.0;
/// Lowest median of stars gained.
pub const GH_MEDIAN_FLOOR: f64 = 20.0;
/// Lowest median of bookmarks on this site.
pub const LOCAL_MEDIAN_FLOOR: f64 = 3.0;
/// Papers that an archive needs before it gets a median of its own.
pub const MEDIAN_LEAST_PAPERS: usize = 30;
/// Papers below this heat do not get into digests and into feeds of trending papers.
pub const NOTABLE_HEAT: f64 = 0.1;
/// Papers below this heat are quiet: their cards would show 0.00.
pub const QUIET: f64 = 0.005;
