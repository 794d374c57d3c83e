//! Where Broadsheet listens, its public address, and its front end.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::Args;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::{
    front_end::{FrontEnd, Site},
    state::MetricsAccess,
};

/// The web site.
#[derive(Debug, Clone, Args)]
pub struct SiteSettings {
    /// IP address and port to listen on
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_LISTEN",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,
    /// Public base URL; every absolute link begins with it
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_PUBLIC_URL",
        default_value = "http://localhost:3000",
        value_name = "URL",
        value_parser = public_url
    )]
    pub public_url: String,
    /// Folder of a built front end to use instead of the one in this program
    #[arg(long, global = true, env = "BROADSHEET_SITE_ROOT", value_name = "FOLDER")]
    pub site_root: Option<PathBuf>,
    /// Who may read /metrics: this machine and private networks, everybody, or nobody
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_METRICS",
        default_value = "private",
        value_name = "WHO"
    )]
    pub metrics: MetricsAccess,
}

impl SiteSettings {
    /// Starts to listen.
    pub async fn bind(&self) -> anyhow::Result<TcpListener> {
        TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {} (BROADSHEET_LISTEN)", self.listen))
    }

    /// The built front end: of the configured folder, of this program, or of a folder beside it.
    pub fn front_end(&self, now: Timestamp) -> anyhow::Result<Option<FrontEnd>> {
        let site = match self.site_folder()? {
            Some(folder) => Some(Site::read(&folder, now)?),
            None => Site::embedded(now),
        };
        site.map(FrontEnd::new).transpose()
    }

    /// Where the front end comes from.
    pub fn front_end_place(&self) -> String {
        match self.site_folder() {
            Ok(Some(folder)) => folder.display().to_string(),
            _ => "in this program".to_owned(),
        }
    }

    /// The folder to read the front end from; `None` for the one in this program.
    fn site_folder(&self) -> anyhow::Result<Option<PathBuf>> {
        let is_built = |folder: &Path| folder.join("hash.txt").is_file();
        if let Some(folder) = &self.site_root {
            ensure!(
                is_built(folder),
                "there is no built front end in {} (BROADSHEET_SITE_ROOT): hash.txt is missing; `make build` builds one",
                folder.display()
            );
            return Ok(Some(folder.clone()));
        }
        if Site::is_embedded() {
            return Ok(None);
        }
        let beside = std::env::current_exe()
            .ok()
            .and_then(|exe| exe.parent().map(Path::to_path_buf));
        let candidates = beside
            .iter()
            .flat_map(|folder| [folder.join("site"), folder.join("../site")])
            .chain([PathBuf::from("target/site"), PathBuf::from("site")]);
        Ok(candidates.into_iter().find(|folder| is_built(folder)))
    }
}

/// An absolute http(s) URL without a path: links and forms begin at its root.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest)
            if !rest.is_empty()
                && !rest.contains(['/', '?', '#', ' ', '"', '<', '>'])
                && url.chars().all(|c| !c.is_control()) =>
        {
            Ok(url.to_owned())
        }
        _ => Err("write it as https://papers.example.org, without a path".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_absolute_and_ends_without_a_slash() {
        assert_eq!(
            public_url("https://papers.example.org/").as_deref(),
            Ok("https://papers.example.org")
        );
        for text in [
            "",
            "papers.example.org",
            "ftp://x",
            "https://",
            "https://x?y",
            "https://x/papers",
            "https://x\r\ny",
        ] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
