//! A ranking in memory: the papers with heat in one rank run and window.

use std::collections::{BTreeMap, HashMap};

use domain::{
    paper::PaperCard,
    ranking::{Gains, Heat, HeatReport, Medians},
};

use crate::listing::AsOf;

/// A paper of a ranking, with the values that filters check.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Row id.
    pub paper_id: i64,
    /// The terms of its heat.
    pub heat: Heat,
    /// The decayed gains behind them.
    pub gains: Gains,
    /// Unix seconds.
    pub(crate) announced: i64,
    /// Total; 0 when unknown.
    pub(crate) upvotes: i64,
    /// Total; 0 when unknown.
    pub(crate) stars: i64,
    /// Whether it has a code repository.
    pub(crate) has_code: bool,
    /// Separated by spaces.
    pub(crate) categories: String,
    /// The archive whose medians apply to it.
    pub(super) archive: String,
}

/// The order of one epoch and window, hottest first.
#[derive(Debug)]
pub struct Ranking {
    /// Which rank run.
    pub epoch: i64,
    /// The moment it ranked for, Unix seconds.
    pub ranked_for: i64,
    /// Its papers are in the state after this move.
    pub(crate) moves: i64,
    /// The typical gains it measured with: per archive, and under "" for everything else.
    pub medians: BTreeMap<String, Medians>,
    /// Hottest first; papers of equal heat by date, then by row id.
    pub entries: Vec<Ranked>,
    position: HashMap<i64, usize>,
}

impl Ranking {
    /// The same ranking with the papers in their earlier states; `None` when none of them has moved.
    pub(crate) fn as_of(&self, as_of: &AsOf) -> Option<Self> {
        if !self
            .entries
            .iter()
            .any(|ranked| as_of.moved.contains_key(&ranked.paper_id))
        {
            return None;
        }
        let mut entries = self.entries.clone();
        for ranked in &mut entries {
            if let Some(was) = as_of.moved.get(&ranked.paper_id) {
                ranked.announced = was.announced;
                ranked.upvotes = was.upvotes;
                ranked.stars = was.stars;
                ranked.has_code = was.has_code;
                ranked.categories.clone_from(&was.categories);
            }
        }
        Some(Self::ordered(
            self.epoch,
            self.ranked_for,
            self.moves,
            self.medians.clone(),
            entries,
        ))
    }

    pub(super) fn ordered(
        epoch: i64,
        ranked_for: i64,
        moves: i64,
        medians: BTreeMap<String, Medians>,
        mut entries: Vec<Ranked>,
    ) -> Self {
        entries.sort_by(|a, b| {
            b.heat
                .total()
                .total_cmp(&a.heat.total())
                .then(b.announced.cmp(&a.announced))
                .then(b.paper_id.cmp(&a.paper_id))
        });
        let position = entries
            .iter()
            .enumerate()
            .map(|(index, ranked)| (ranked.paper_id, index))
            .collect();
        Self {
            epoch,
            ranked_for,
            moves,
            medians,
            entries,
            position,
        }
    }

    /// The entry of a paper; `None` when it has no heat.
    pub(crate) fn get(&self, paper_id: i64) -> Option<&Ranked> {
        self.position.get(&paper_id).map(|index| &self.entries[*index])
    }

    /// The terms and gains of a paper; `None` when it has no heat.
    pub fn heat_of(&self, paper_id: i64) -> Option<HeatReport> {
        let ranked = self.get(paper_id)?;
        Some(HeatReport {
            heat: ranked.heat,
            gains: ranked.gains,
            typical: self.typical(&ranked.archive),
        })
    }

    /// Gives cards their heat.
    pub(crate) fn with_heat(&self, mut cards: Vec<PaperCard>) -> Vec<PaperCard> {
        for card in &mut cards {
            card.heat = self.heat_of(card.id);
        }
        cards
    }

    /// The typical gains in an archive.
    pub fn typical(&self, archive: &str) -> Medians {
        self.medians
            .get(archive)
            .or_else(|| self.medians.get(""))
            .copied()
            .unwrap_or_default()
    }
}
