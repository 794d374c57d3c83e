//! Handlers, one file for each noun: who asks, what for, the answer.

pub mod bookmarks;
pub mod editions;
pub mod events;
pub mod feed_request;
pub mod feeds;
pub mod fetch_on_demand;
pub mod form_return;
pub mod forms;
pub mod health;
pub mod issues;
pub mod listing;
pub mod listing_view;
pub mod metrics;
pub mod neighbours;
pub mod offline;
mod pages;
pub mod papers;
pub mod pictures;
pub mod preferences;
pub mod ranking;
pub mod redirects;
pub mod searches;
pub mod settings;
pub mod share;
pub mod sitemaps;
pub mod sources;
pub mod subscribe;
pub mod subscriptions;

use super::web::{segment, visitor};
