//! The trending order: the papers of a ranking, hottest first, then all others, newest first.

use super::{
    as_of::AsOf,
    filter::{Filter, Walk},
    place::Place,
};
use crate::{
    error::Result,
    rankings::{Ranked, Ranking},
    store::Store,
};

fn place(ranked: &Ranked) -> Place {
    Place {
        key: ranked.heat.total(),
        announced: ranked.announced,
        id: ranked.paper_id,
    }
}

impl Store {
    /// Up to `wanted` papers after a place. Without a ranking all are ordered by date.
    pub(super) async fn trending(
        &self,
        filter: &Filter,
        ranking: Option<&Ranking>,
        after: Option<Place>,
        wanted: usize,
        as_of: Option<&AsOf>,
    ) -> Result<Vec<Place>> {
        let Some(ranking) = ranking else {
            return self.walk(filter, Walk::Newest(None), after, wanted, as_of).await;
        };
        let earlier = as_of.and_then(|as_of| ranking.as_of(as_of));
        let ranking = earlier.as_ref().unwrap_or(ranking);
        let mut places = Vec::with_capacity(wanted);
        if after.is_none_or(|after| after.is_in_head()) {
            let words = self.matching(&filter.words).await?;
            let start = after.map_or(0, |after| {
                ranking
                    .entries
                    .partition_point(|ranked| !place(ranked).is_after(&after))
            });
            places.extend(
                ranking.entries[start..]
                    .iter()
                    .filter(|ranked| filter.passes(ranked) && words.pass(ranked.paper_id))
                    .map(place)
                    .take(wanted),
            );
        }
        let after = after.filter(|after| !after.is_in_head());
        self.extend_with_tail(&mut places, filter, ranking, after, wanted, as_of)
            .await?;
        Ok(places)
    }

    /// Adds papers without heat, newest first, until there are `wanted`.
    async fn extend_with_tail(
        &self,
        places: &mut Vec<Place>,
        filter: &Filter,
        ranking: &Ranking,
        mut after: Option<Place>,
        wanted: usize,
        as_of: Option<&AsOf>,
    ) -> Result<()> {
        // A paper of the ranking that passes the filter only since a later change was not in the head.
        let is_in_head = |id| ranking.get(id).is_some_and(|ranked| filter.passes(ranked));
        let mut chunk = wanted * 2;
        while places.len() < wanted {
            let walked = self.walk(filter, Walk::Newest(None), after, chunk, as_of).await?;
            let is_exhausted = walked.len() < chunk;
            after = walked.last().copied().or(after);
            let room = wanted - places.len();
            places.extend(
                walked
                    .into_iter()
                    .filter(|place| !is_in_head(place.id))
                    .take(room),
            );
            if is_exhausted {
                break;
            }
            chunk = (chunk * 4).min(super::walk::MOST_WALKED);
        }
        Ok(())
    }
}
