//! The names of the built files, as pages need them.

use anyhow::{Context, ensure};
use app::shell::{Assets, Sheet};
use domain::text::fingerprint;

use super::{scripts::boot, site::Site};

/// Reads the names of the built files out of `hash.txt`, as the bundler wrote it, and the style sheets.
pub fn read_assets(site: &Site) -> anyhow::Result<Assets> {
    let text = site
        .text("hash.txt")
        .context("the front end has no hash.txt; build the front end again")?;
    let hash = |kind: &str| {
        text.lines()
            .find_map(|line| {
                line.split_once(':')
                    .filter(|(name, _)| name.trim() == kind)
                    .map(|(_, hash)| hash.trim().to_owned())
            })
            .with_context(|| format!("hash.txt does not name the {kind} file; build the front end again"))
    };
    let js = format!("/pkg/broadsheet.{}.js", hash("js")?);
    let wasm = format!("/pkg/broadsheet.{}.wasm", hash("wasm")?);
    let boot = fingerprint(&boot(&js, &wasm));
    Ok(Assets {
        css: read_sheet(site, "broadsheet", hash("css")?)?,
        pages_css: read_sheet(site, "pages", hash("pages")?)?,
        boot: format!("/pkg/boot.{boot:016x}.js"),
        js,
        wasm,
    })
}

fn read_sheet(site: &Site, name: &str, version: String) -> anyhow::Result<Sheet> {
    let href = format!("/pkg/{name}.{version}.css");
    let text = site
        .text(href.trim_start_matches('/'))
        .with_context(|| format!("the front end has no {href}; build the front end again"))?;
    ensure!(
        !text.to_ascii_lowercase().contains("</style"),
        "{href} holds `</style`, which would end the style sheet in a page"
    );
    Ok(Sheet {
        text: text.into(),
        href,
        version,
    })
}
