//! The built front end: its files, and their names as pages need them.

mod names;
pub mod scripts;
mod site;

use std::sync::Arc;

use app::shell::Assets;

pub use names::read_assets;
pub use site::Site;

/// A front end that is complete. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FrontEnd {
    /// Its files.
    pub site: Arc<Site>,
    /// The names that pages use.
    pub assets: Arc<Assets>,
}

impl FrontEnd {
    /// Reads the names of the files; fails when one that pages need is missing.
    pub fn new(site: Site) -> anyhow::Result<Self> {
        Ok(Self {
            assets: Arc::new(read_assets(&site)?),
            site: Arc::new(site),
        })
    }
}
