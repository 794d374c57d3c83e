//! The files of the built front end, in memory: from the binary itself or from a folder.
//!
//! They are read once, at the start. A later build of the front end changes nothing for the running server, whose pages
//! name the files that it holds.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, ensure};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use formats::feeds::etag;
use include_dir::{Dir, include_dir};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use negotiator::preferred_encodings;

use crate::http::web::conditional;

/// The folder that `build.rs` names; empty unless this is a release.
static EMBEDDED: Dir<'_> = include_dir!("$BROADSHEET_EMBEDDED");

/// The files of a front end, by their path below its root, such as `pkg/broadsheet.0123456789abcdef.js`.
#[derive(Debug, Default)]
pub struct Site {
    files: HashMap<String, File>,
    /// When the files were read, as an HTTP date: they cannot have changed since.
    last_modified: String,
}

/// One file, with its compressed forms where the build made them.
#[derive(Debug)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    media_type: &'static str,
    tag: String,
}

impl Site {
    /// Whether a front end was compiled into this binary.
    pub fn is_embedded() -> bool {
        EMBEDDED.get_file("hash.txt").is_some()
    }

    /// The front end that was compiled into this binary; `None` if there is none.
    pub fn embedded(now: Timestamp) -> Option<Self> {
        let mut files = Vec::new();
        let mut folders = vec![&EMBEDDED];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            files.extend(folder.files().map(|file| {
                let name = file.path().to_string_lossy().into_owned();
                (name, Bytes::from_static(file.contents()))
            }));
        }
        let site = Self::of(files, now);
        site.text("hash.txt").is_some().then_some(site)
    }

    /// Reads the front end in a folder.
    pub fn read(folder: &Path, now: Timestamp) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            let entries =
                std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes =
                    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.push((name, Bytes::from(bytes)));
            }
        }
        let site = Self::of(files, now);
        ensure!(
            site.text("hash.txt").is_some(),
            "cannot read {}",
            folder.join("hash.txt").display()
        );
        Ok(site)
    }

    fn of(files: Vec<(String, Bytes)>, now: Timestamp) -> Self {
        let mut by_name: HashMap<String, Bytes> = files.into_iter().collect();
        let names: Vec<String> = by_name
            .keys()
            .filter(|name| !is_compressed_form(name, &by_name))
            .cloned()
            .collect();
        let mut site = Self {
            files: HashMap::new(),
            last_modified: http_date(now),
        };
        for name in names {
            let brotli = by_name.remove(&format!("{name}.br"));
            let gzip = by_name.remove(&format!("{name}.gz"));
            let Some(plain) = by_name.remove(&name) else {
                continue;
            };
            let file = File {
                tag: etag(&plain),
                media_type: media_type(&name),
                plain,
                brotli,
                gzip,
            };
            site.files.insert(name, file);
        }
        site
    }

    /// The text of a file; `None` if there is no such file, or if it is not UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(&self.files.get(name)?.plain).ok()
    }

    /// The response with a file, in the best encoding that the client accepts; `None` if there is no such file.
    pub fn respond(&self, name: &str, request: &HeaderMap, cache_control: HeaderValue) -> Option<Response> {
        let file = self.files.get(name)?;
        let mut response = if self.is_known(file, request) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let (body, encoding) = file.best(request);
            let mut response = body.into_response();
            if let Some(encoding) = encoding {
                let encoding = HeaderValue::from_static(encoding);
                response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
        // A 304 carries the headers of the 200 (RFC 9110, section 15.4.5).
        headers.insert(header::CACHE_CONTROL, cache_control);
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        for (name, value) in [
            (header::ETAG, conditional::weak(&file.tag)),
            (header::LAST_MODIFIED, self.last_modified.clone()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        Some(response)
    }

    /// Whether the client already has this file.
    fn is_known(&self, file: &File, request: &HeaderMap) -> bool {
        if request.contains_key(header::IF_NONE_MATCH) {
            return conditional::has(request, &file.tag);
        }
        request
            .get(header::IF_MODIFIED_SINCE)
            .is_some_and(|since| since.as_bytes() == self.last_modified.as_bytes())
    }
}

impl File {
    /// The form to send, and the name of its encoding.
    fn best(&self, request: &HeaderMap) -> (Bytes, Option<&'static str>) {
        let accepted = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let forms = [("br", &self.brotli), ("gzip", &self.gzip)];
        let available: Vec<&str> = forms
            .iter()
            .filter(|(_, form)| form.is_some())
            .map(|(name, _)| *name)
            .chain(["identity"])
            .collect();
        // Browsers accept all with the same weight; then the smallest form is the best.
        let best = preferred_encodings(Some(accepted), Some(&available), Some(&available));
        let best = best.first().map(String::as_str).unwrap_or("identity");
        forms
            .into_iter()
            .find(|(name, _)| *name == best)
            .and_then(|(name, form)| Some((form.clone()?, Some(name))))
            .unwrap_or((self.plain.clone(), None))
    }
}

/// Whether this is the `.br` or `.gz` of another file.
fn is_compressed_form(name: &str, files: &HashMap<String, Bytes>) -> bool {
    [".br", ".gz"].iter().any(|suffix| {
        name.strip_suffix(suffix)
            .is_some_and(|plain| files.contains_key(plain))
    })
}

/// The date form of HTTP headers (RFC 9110, section 5.6.7).
fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_default()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "text/plain; charset=utf-8",
    }
}
