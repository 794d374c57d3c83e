//! The server of Broadsheet: configuration, commands, the URL map, handlers and background jobs.

pub mod background;
pub mod clients;
pub mod commands;
pub mod config;
pub mod front_end;
pub mod http;
pub mod router;
pub mod serve;
pub mod state;
