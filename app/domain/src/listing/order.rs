//! The order of a listing, and the span of time it covers.

/// The order of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By heat.
    Trending,
    /// Newest first.
    New,
    /// Most upvotes first.
    Top,
    /// Most stars first.
    Stars,
    /// Best match first (bm25); needs search words.
    Relevance,
}

codes!(Sort {
    Trending = "trending", "Trending";
    New = "new", "New";
    Top = "top", "Most upvoted";
    Stars = "stars", "Most starred";
    Relevance = "relevance", "Relevance";
});

impl Sort {
    /// Whether emails of a listing in this order hold only what is new since the last one. The best papers of other
    /// orders may be old.
    pub fn sends_only_news(self) -> bool {
        matches!(self, Self::New | Self::Relevance)
    }
}

/// The span of time. In a trending listing it chooses the half-life of heat, elsewhere how far back papers were
/// announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// 365 days.
    Year,
    /// Everything.
    All,
}

codes!(Window {
    Day = "day", "Day";
    Week = "week", "Week";
    Month = "month", "Month";
    Year = "year", "Year";
    All = "all", "All time";
});

impl Window {
    /// How many days this window looks back; `None` for everything.
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Day => Some(1),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Year => Some(365),
            Self::All => None,
        }
    }

    /// The window whose half-life heat uses. Heat has three windows; longer windows use the month.
    pub fn of_heat(self) -> Self {
        match self {
            Self::Day | Self::Week => self,
            Self::Month | Self::Year | Self::All => Self::Month,
        }
    }

    /// Half-life of a gain in this window, in days.
    pub fn half_life_days(self) -> f64 {
        match self.of_heat() {
            Self::Day => 1.0,
            Self::Week => 3.0,
            _ => 14.0,
        }
    }
}
