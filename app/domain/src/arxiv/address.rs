//! Identifiers with the prefix, URL or file name that programs and sites put around them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{archive::has_old_identifiers, id::ArxivId};

/// A paper, and its version if the text gives one.
pub(super) type Named = (ArxivId, Option<u32>);

/// A site whose URLs contain arXiv identifiers.
struct Site {
    /// Its host. Subdomains match too: `export.arxiv.org`, `dx.doi.org`.
    host: &'static str,
    /// Path prefixes allowed before the identifier.
    paths: &'static [&'static str],
}

const ARXIV: &[&str] = &[
    "abs/", "pdf/", "html/", "format/", "src/", "e-print/", "ps/", "dvi/", "tb/", "bibtex/", "",
];
const HUGGING_FACE: &[&str] = &["papers/", "api/papers/"];

const SITES: [Site; 14] = [
    Site {
        host: "arxiv.org",
        paths: ARXIV,
    },
    Site {
        host: "xxx.lanl.gov",
        paths: ARXIV,
    },
    Site {
        host: "arxiv.lanl.gov",
        paths: ARXIV,
    },
    Site {
        host: "doi.org",
        paths: &["10.48550/arxiv.", "doi:10.48550/arxiv."],
    },
    Site {
        host: "huggingface.co",
        paths: HUGGING_FACE,
    },
    Site {
        host: "hf.co",
        paths: HUGGING_FACE,
    },
    Site {
        host: "alphaxiv.org",
        paths: &[
            "abs/",
            "overview/",
            "pdf/",
            "html/",
            "resources/",
            "audio/",
            "blog/",
            "chat/",
            "paper/",
            "",
        ],
    },
    Site {
        host: "ar5iv.org",
        paths: &["html/", "abs/", "papers/", "pdf/", ""],
    },
    Site {
        host: "ar5iv.labs.arxiv.org",
        paths: &["papers/"],
    },
    Site {
        host: "arxiv-vanity.com",
        paths: &["papers/"],
    },
    Site {
        host: "semanticscholar.org",
        paths: &[
            "arxiv/",
            "arxiv:",
            "paper/arxiv:",
            "graph/v1/paper/arxiv:",
            "v1/paper/arxiv:",
        ],
    },
    Site {
        host: "scirate.com",
        paths: &["arxiv/"],
    },
    Site {
        host: "inspirehep.net",
        paths: &["arxiv/", "api/arxiv/"],
    },
    Site {
        host: "adsabs.harvard.edu",
        paths: &["abs/arxiv:"],
    },
];

/// Prefixes allowed before an identifier outside a URL. They can be chained: `doi:10.48550/arXiv.`. A longer prefix
/// comes before a shorter one that it begins with.
const PREFIXES: [&str; 22] = [
    "arxiv.org:",
    "arxiv",
    "10.48550/arxiv.",
    "oai:",
    "doi:",
    "info:arxiv/",
    "info:doi/",
    "urn:doi:",
    "id:",
    "eprint:",
    "e-print:",
    "url:",
    "abs/",
    "pdf/",
    "html/",
    "format/",
    "src/",
    "e-print/",
    "ps/",
    "overview/",
    "papers/",
    "/",
];
/// The maximum number of chained prefixes.
const MOST_PREFIXES: usize = 5;

/// File name extensions of a paper's files.
const FILES: [&str; 14] = [
    ".pdf", ".html", ".htm", ".ps.gz", ".tar.gz", ".tgz", ".gz", ".ps", ".tex", ".txt", ".bib", ".md",
    ".png", ".zip",
];

/// The paper that one word names: a prefixed identifier, a URL or a DOI. The word may be percent-encoded.
pub(super) fn paper_of(word: &str) -> Option<Named> {
    plain(word).or_else(|| {
        let decoded = percent_decode_str(word).decode_utf8().ok()?;
        match decoded {
            Cow::Owned(decoded) => plain(decoded.trim()),
            // The word was not percent-encoded.
            Cow::Borrowed(_) => None,
        }
    })
}

/// The paper that a word names. The word is not percent-encoded.
fn plain(word: &str) -> Option<Named> {
    let mut rest = word;
    for _ in 0..MOST_PREFIXES {
        if let Some(found) = bare(rest).or_else(|| in_url(rest)) {
            return Some(found);
        }
        rest = PREFIXES
            .iter()
            .find_map(|prefix| after(rest, prefix))?
            .trim_start_matches([':', '.', '-', '_']);
    }
    None
}

/// Reads an identifier, which may have a file name extension.
pub(super) fn bare(text: &str) -> Option<Named> {
    let text = FILES.iter().find_map(|file| before(text, file)).unwrap_or(text);
    let (id, version) = ArxivId::parse_versioned(text).ok()?;
    // The file name in `pdf/9901001` also looks like an identifier.
    let is_real = id
        .as_str()
        .split_once('/')
        .is_none_or(|(archive, _)| has_old_identifiers(archive));
    is_real.then_some((id, version))
}

/// The paper that a URL names, with or without its scheme. Proxies and browsers merge the slashes after a scheme.
fn in_url(text: &str) -> Option<Named> {
    let rest = ["https://", "http://", "https:/", "http:/", "//"]
        .iter()
        .find_map(|scheme| after(text, scheme))
        .unwrap_or(text);
    let (host, path) = rest.split_once('/')?;
    let host = host.split(':').next().unwrap_or(host);
    let path = path
        .split(['?', '#', '&'])
        .next()
        .unwrap_or(path)
        .trim_start_matches('/');
    let on_site = SITES.iter().filter(|site| site.is_of(host)).find_map(|site| {
        let path = if site.host == "alphaxiv.org" {
            without_language(path)
        } else {
            path
        };
        site.paths
            .iter()
            .filter_map(|prefix| after(path, prefix))
            .find_map(leading)
    });
    on_site.or_else(|| of_broadsheet(host, path))
}

/// The paper of a page of Broadsheet, on any host and below any base path: `http://localhost:3000/base/papers/2510.01234`.
fn of_broadsheet(host: &str, path: &str) -> Option<Named> {
    if SITES.iter().any(|site| site.is_of(host)) {
        return None;
    }
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let (last, before) = (segments.next()?, segments.next()?);
    if before.eq_ignore_ascii_case("papers") {
        return bare(last);
    }
    let is_page = segments.next()?.eq_ignore_ascii_case("papers");
    is_page.then(|| bare(&format!("{before}/{last}"))).flatten()
}

impl Site {
    fn is_of(&self, host: &str) -> bool {
        before(host, self.host).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    }
}

/// The identifier at the beginning of a path. File names of the paper may follow it.
fn leading(path: &str) -> Option<Named> {
    let path = ["arxiv:", "arxiv."]
        .iter()
        .find_map(|prefix| after(path, prefix))
        .unwrap_or(path);
    let mut parts = path.splitn(3, '/');
    let (first, second) = (parts.next()?, parts.next());
    bare(first).or_else(|| bare(&format!("{first}/{}", second?)))
}

/// An alphaXiv path without its language, as in `/es/overview/…`.
fn without_language(path: &str) -> &str {
    match path.split_once('/') {
        Some((language, rest)) if language.len() == 2 => rest,
        _ => path,
    }
}

/// The text after this prefix. Letter case is ignored.
pub(super) fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The text before this suffix. Letter case is ignored.
fn before<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(ending.len())?;
    let (start, end) = text.split_at_checked(at)?;
    end.eq_ignore_ascii_case(ending).then_some(start)
}
