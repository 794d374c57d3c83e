//! The one binary of Broadsheet: configuration, the URL map, the jobs and the commands.

pub mod background;
pub mod commands;
pub mod config;
pub mod front_end;
pub mod http;
pub mod router;
pub mod serve;
pub mod state;
