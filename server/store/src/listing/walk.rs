//! Walks along an index of `listings`.

use domain::paper::Signal;
use sqlx::Row;

use super::{
    as_of::AsOf,
    filter::{Filter, Walk},
    place::Place,
    sql::walk_query,
};
use crate::{error::Result, json::from_json, store::Store};

/// Rows that one query of a walk reads at most.
pub(super) const MOST_WALKED: usize = 20_000;

impl Store {
    /// Papers that have a signal, largest total first, then those without, newest first.
    pub(super) async fn head_and_tail(
        &self,
        filter: &Filter,
        signal: Signal,
        after: Option<Place>,
        wanted: usize,
        as_of: Option<&AsOf>,
    ) -> Result<Vec<Place>> {
        let mut places = Vec::new();
        if after.is_none_or(|after| after.is_in_head()) {
            places = self
                .walk(filter, Walk::Largest(signal), after, wanted, as_of)
                .await?;
        }
        if places.len() < wanted && filter.least(signal) == 0 {
            let after = after.filter(|after| !after.is_in_head());
            let missing = wanted - places.len();
            let tail = self
                .walk(filter, Walk::Newest(Some(signal)), after, missing, as_of)
                .await?;
            places.extend(tail);
        }
        Ok(places)
    }

    /// Walks through the library as it was when the first page was opened: passes over papers that have moved or were
    /// added since, and puts those that have moved where they were.
    pub(super) async fn walk(
        &self,
        filter: &Filter,
        walk: Walk,
        after: Option<Place>,
        wanted: usize,
        as_of: Option<&AsOf>,
    ) -> Result<Vec<Place>> {
        let Some(as_of) = as_of else {
            return self.walk_now(filter, walk, after, wanted, None).await;
        };
        let mut places = self.walk_unmoved(filter, walk, after, wanted, as_of).await?;
        let moved: Vec<Place> = as_of
            .moved
            .iter()
            .filter(|(_, state)| filter.passed(state))
            .filter_map(|(id, state)| {
                Some(Place {
                    key: walk.key(state)?,
                    announced: state.announced,
                    id: *id,
                })
            })
            .filter(|place| after.is_none_or(|after| place.is_after(&after)))
            .collect();
        if !moved.is_empty() {
            let words = self.matching(&filter.words).await?;
            places.extend(moved.into_iter().filter(|place| words.pass(place.id)));
            places.sort_by(Place::order);
        }
        places.truncate(wanted);
        Ok(places)
    }

    async fn walk_unmoved(
        &self,
        filter: &Filter,
        walk: Walk,
        mut after: Option<Place>,
        wanted: usize,
        as_of: &AsOf,
    ) -> Result<Vec<Place>> {
        let mut places = Vec::with_capacity(wanted);
        let mut chunk = wanted;
        while places.len() < wanted {
            let walked = self
                .walk_now(filter, walk, after, chunk, Some(as_of.newest))
                .await?;
            let is_exhausted = walked.len() < chunk;
            after = walked.last().copied().or(after);
            places.extend(
                walked
                    .into_iter()
                    .filter(|place| !as_of.moved.contains_key(&place.id)),
            );
            if is_exhausted {
                break;
            }
            chunk = (chunk * 4).min(MOST_WALKED);
        }
        Ok(places)
    }

    /// Walks one index for each scope through the present library, up to the row id `newest`, and merges the results.
    async fn walk_now(
        &self,
        filter: &Filter,
        walk: Walk,
        after: Option<Place>,
        wanted: usize,
        newest: Option<i64>,
    ) -> Result<Vec<Place>> {
        let mut places = Vec::new();
        for scope in &filter.scopes {
            let found: String = walk_query(filter, walk, scope, after, wanted, newest)
                .prepare()
                .fetch_one(&self.readers)
                .await?
                .try_get(0)?;
            let found: Vec<(i64, i64, i64)> = from_json(&found)?;
            places.extend(found.into_iter().map(|(id, announced, key)| Place {
                key: key as f64,
                announced,
                id,
            }));
        }
        if filter.scopes.len() > 1 {
            places.sort_by(Place::order);
            places.dedup_by_key(|place| place.id);
        }
        places.truncate(wanted);
        Ok(places)
    }
}
